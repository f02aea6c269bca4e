package grade

import (
	"context"
	"slices"

	"github.com/greenbox-lab/greenbox/labs"
)

// observation is what is watched for one session.
type observation struct {
	cancel  context.CancelFunc
	watches map[labs.ObjectCheck]*watched
}

// Observe starts the watches from which the `for` checks of the lab count, and
// returns at once. It replaces what was observed for the session before. A
// cluster that does not answer yet is asked again until it does.
func (g *Grader) Observe(sessionID string, lab labs.Lab, target Target) {
	g.mu.Lock()
	defer g.mu.Unlock()
	if g.observed == nil {
		return
	}
	g.forgetLocked(sessionID)
	ctx, cancel := context.WithCancel(context.Background())
	o := observation{cancel, map[labs.ObjectCheck]*watched{}}
	for _, check := range lasting(lab) {
		w, err := newWatched(check)
		if err != nil {
			continue // its attempts come to the same error, and say so
		}
		o.watches[check] = w
		g.watching.Go(func() { w.follow(ctx, target) })
	}
	g.observed[sessionID] = o
}

// lasting returns the different object checks of a lab that have a `for`.
func lasting(lab labs.Lab) []labs.ObjectCheck {
	var found []labs.ObjectCheck
	for _, step := range lab.Steps {
		for _, c := range step.Checks {
			if c.Object != nil && c.Object.For > 0 && !slices.Contains(found, *c.Object) {
				found = append(found, *c.Object)
			}
		}
	}
	return found
}

// Forget ends the watches of a session, without waiting for them.
func (g *Grader) Forget(sessionID string) {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.forgetLocked(sessionID)
}

func (g *Grader) forgetLocked(sessionID string) {
	if o, ok := g.observed[sessionID]; ok {
		o.cancel()
		delete(g.observed, sessionID)
	}
}

// Close ends every watch and waits for all of them. Grade still works after it;
// Observe does nothing.
func (g *Grader) Close() {
	g.mu.Lock()
	for _, o := range g.observed {
		o.cancel()
	}
	g.observed = nil
	g.mu.Unlock()
	g.watching.Wait()
}

// watched returns the session's watch for a check, or nil.
func (g *Grader) watched(sessionID string, check labs.ObjectCheck) *watched {
	g.mu.Lock()
	defer g.mu.Unlock()
	return g.observed[sessionID].watches[check]
}
