package sandbox

// Holds reports whether a cluster is a spare or a session's, one that has ended and
// whose cluster is still being removed included.
func (f *Fleet) Holds(cluster string) bool {
	return f.pool.knows(cluster) || f.holder(cluster) != nil // in this order: it may be taken just now
}
