package main

import (
	"context"
	"log/slog"
	"sync"

	"github.com/greenbox-lab/greenbox/labs"
	"github.com/greenbox-lab/greenbox/labs/catalog"
	"github.com/greenbox-lab/greenbox/labs/grade"
	"github.com/greenbox-lab/greenbox/sandbox"
)

// observer has the grader watch the clusters of the sessions that are ready, and
// leave the others alone.
type observer struct {
	catalog *catalog.Catalog
	grader  *grade.Grader
	log     *slog.Logger

	mu      sync.Mutex
	changed map[string]labs.Session // not yet seen by run; guarded by mu
	wake    chan struct{}
}

func newObserver(c *catalog.Catalog, g *grade.Grader, log *slog.Logger) *observer {
	return &observer{catalog: c, grader: g, log: log, changed: map[string]labs.Session{}, wake: make(chan struct{}, 1)}
}

// tell notes an event; it does not block. Of one session only the latest counts.
func (o *observer) tell(e labs.Event) {
	change, ok := e.(labs.SessionChanged)
	if !ok {
		return
	}
	o.mu.Lock()
	o.changed[change.Now.ID] = change.Now
	o.mu.Unlock()
	select {
	case o.wake <- struct{}{}:
	default:
	}
}

// run follows the sessions until ctx ends.
func (o *observer) run(ctx context.Context, fleet *sandbox.Fleet) error {
	for {
		select {
		case <-ctx.Done():
			return nil
		case <-o.wake:
		}
		o.mu.Lock()
		changed := o.changed
		o.changed = map[string]labs.Session{}
		o.mu.Unlock()
		for _, s := range changed {
			o.follow(ctx, fleet, s)
		}
	}
}

func (o *observer) follow(ctx context.Context, fleet *sandbox.Fleet, s labs.Session) {
	if s.State != labs.Ready {
		o.grader.Forget(s.ID)
		return
	}
	lab, err := o.catalog.Lab(s.LabID)
	if err != nil {
		return // the lab is no longer taught: there is nothing to judge
	}
	box, err := fleet.Sandbox(ctx, s.ID)
	if err != nil {
		o.log.Debug("not observed", "session", s.ID, "err", err)
		return
	}
	o.grader.Observe(s.ID, lab, box) //nolint:contextcheck // the watches are the grader's, which ends them
}
