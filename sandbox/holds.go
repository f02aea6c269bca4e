package sandbox

// Holds reports whether a cluster is a session's, one that has ended and whose
// cluster is still being removed included.
func (f *Fleet) Holds(cluster string) bool {
	for _, s := range f.all() {
		if s.cluster() == cluster {
			return true
		}
	}
	return false
}
