package grade

import (
	"context"
	"slices"

	"github.com/greenbox-lab/greenbox/labs"
)

// observation is what is followed of one session.
type observation struct {
	session labs.Session
	lab     labs.Lab
	target  Observable
	cancel  context.CancelFunc
	changed signal                        // a watch or a watcher saw something
	passed  signal                        // a step was passed on the learner's own request
	lasting map[labs.ObjectCheck]*watched // of the whole lab
}

// Observe follows a session's cluster, and returns at once: from then on the
// conditions with `for` count, and the open step passes by itself. The lab is as
// that session sees it. Observe replaces what was observed for the session before.
// A cluster that does not answer yet is asked again until it does.
func (g *Grader) Observe(session labs.Session, lab labs.Lab, target Observable) {
	g.mu.Lock()
	defer g.mu.Unlock()
	if g.observed == nil {
		return
	}
	g.forgetLocked(session.ID)
	ctx, cancel := context.WithCancel(context.Background())
	o := &observation{session, lab, target, cancel, newSignal(), newSignal(), map[labs.ObjectCheck]*watched{}}
	for _, check := range lasting(lab) {
		w, err := newWatched(check, o.changed.give)
		if err != nil {
			continue // its attempts come to the same error, and say so
		}
		o.lasting[check] = w
		g.watching.Go(func() { w.follow(ctx, target) })
	}
	g.watching.Go(func() { g.live(ctx, o) })
	g.observed[session.ID] = o
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

// Forget ends what Observe began, without waiting for it. An automatic attempt
// that is being recorded may still be.
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

// Close ends every observation and waits for all of them. Grade still works after
// it; Observe does nothing.
func (g *Grader) Close() {
	g.mu.Lock()
	for _, o := range g.observed {
		o.cancel()
	}
	g.observed = nil
	g.mu.Unlock()
	g.watching.Wait()
}

// observation returns what is followed of a session, or nil.
func (g *Grader) observation(sessionID string) *observation {
	g.mu.Lock()
	defer g.mu.Unlock()
	return g.observed[sessionID]
}

// watched returns the watch for a check with `for`, or nil.
func (o *observation) watched(check labs.ObjectCheck) *watched {
	if o == nil {
		return nil
	}
	return o.lasting[check]
}
