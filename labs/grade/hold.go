package grade

// Hold keeps a session's steps from passing until release is called, once: while
// its cluster is brought to another state, what is there is not the learner's
// doing. Grade is labs.ErrBusy meanwhile. It may be called again before that.
func (g *Grader) Hold(sessionID string) (release func()) {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.holds[sessionID]++
	return func() {
		g.mu.Lock()
		defer g.mu.Unlock()
		if g.holds[sessionID]--; g.holds[sessionID] > 0 {
			return
		}
		delete(g.holds, sessionID)
		if o, ok := g.observed[sessionID]; ok {
			o.changed.give()
		}
	}
}

func (g *Grader) isHeld(sessionID string) bool {
	g.mu.Lock()
	defer g.mu.Unlock()
	return g.holds[sessionID] > 0
}
