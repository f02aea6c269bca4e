package main

import (
	"context"
	"errors"
	"log/slog"
	"maps"
	"sync"
	"time"

	"github.com/greenbox-lab/greenbox/labs"
	"github.com/greenbox-lab/greenbox/labs/grade"
	"github.com/greenbox-lab/greenbox/sandbox"
)

// observer has the grader watch the clusters of the sessions that are ready, and
// leave the others alone.
type observer struct {
	lab    func(id string) (labs.Lab, error)
	grader *grade.Grader
	log    *slog.Logger

	mu      sync.Mutex
	ready   map[string]labs.Session // guarded by mu
	changed map[string]labs.Session // not yet seen by run; guarded by mu
	wake    chan struct{}
}

// boxes is what of the fleet the observer needs.
type boxes interface {
	Session(ctx context.Context, id string) (labs.Session, error)
	Awake(ctx context.Context, id string) (*sandbox.Sandbox, error) // does not resume a paused one
}

// How long run waits before it tries again to observe a session.
const (
	firstRetry = time.Second
	lastRetry  = 30 * time.Second
)

func newObserver(lab func(id string) (labs.Lab, error), g *grade.Grader, log *slog.Logger) *observer {
	return &observer{
		lab: lab, grader: g, log: log, wake: make(chan struct{}, 1),
		ready: map[string]labs.Session{}, changed: map[string]labs.Session{},
	}
}

// tell notes an event; it does not block. Of one session only the latest counts. One
// that is no longer ready is forgotten before tell returns: nothing that a reset or
// a removal does to a cluster must pass a step.
func (o *observer) tell(e labs.Event) {
	change, ok := e.(labs.SessionChanged)
	if !ok {
		return
	}
	if change.Now.State != labs.Ready {
		o.grader.Forget(change.Now.ID)
	}
	o.mu.Lock()
	o.changed[change.Now.ID] = change.Now
	delete(o.ready, change.Now.ID)
	if change.Now.State == labs.Ready {
		o.ready[change.Now.ID] = change.Now
	}
	o.mu.Unlock()
	o.rouse()
}

// again has every ready session observed anew: the labs have changed.
func (o *observer) again() {
	o.mu.Lock()
	for id, s := range o.ready {
		if _, newer := o.changed[id]; !newer {
			o.changed[id] = s
		}
	}
	o.mu.Unlock()
	o.rouse()
}

func (o *observer) rouse() {
	select {
	case o.wake <- struct{}{}:
	default:
	}
}

// run follows the sessions until ctx ends. One that cannot be observed is tried
// again for as long as it is ready.
func (o *observer) run(ctx context.Context, fleet boxes) error {
	due, pause := map[string]labs.Session{}, firstRetry
	for {
		var retry <-chan time.Time
		if len(due) > 0 {
			retry = time.After(pause)
		}
		select {
		case <-ctx.Done():
			return nil
		case <-o.wake:
			pause = firstRetry
		case <-retry:
			pause = min(2*pause, lastRetry)
		}
		maps.Copy(due, o.news())
		for id, s := range due {
			if err := o.follow(ctx, fleet, s); err != nil {
				o.log.Warn("not observed yet", "session", id, "err", err)
				continue
			}
			delete(due, id)
		}
	}
}

// news returns what was noted since the last call.
func (o *observer) news() map[string]labs.Session {
	o.mu.Lock()
	defer o.mu.Unlock()
	changed := o.changed
	o.changed = map[string]labs.Session{}
	return changed
}

// follow observes a session or forgets it. An error says that it is to be
// observed and could not be.
func (o *observer) follow(ctx context.Context, fleet boxes, s labs.Session) error {
	if s.State != labs.Ready {
		o.grader.Forget(s.ID)
		return nil
	}
	lab, err := o.lab(s.LabID)
	if err != nil {
		return nil //nolint:nilerr // the lab is no longer taught: there is nothing to judge
	}
	now, err := fleet.Session(ctx, s.ID)
	if err == nil && now.State != labs.Ready {
		return nil // that change is on its way here
	}
	box, err := fleet.Awake(ctx, s.ID)
	if errors.Is(err, labs.ErrEnded) || errors.Is(err, labs.ErrNotFound) || errors.Is(err, sandbox.ErrStopping) {
		return nil
	}
	if err != nil {
		return err
	}
	o.grader.Observe(s, lab.For(s.ID), box) //nolint:contextcheck // the watches are the grader's, which ends them
	return nil
}
