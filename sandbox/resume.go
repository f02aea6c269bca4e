package sandbox

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"

	"github.com/greenbox-lab/greenbox/labs"
	"github.com/greenbox-lab/greenbox/sandbox/cluster"
)

// flight is one resume, or one pause, that everyone waits for who needs the
// sandbox.
type flight struct {
	kind   flightKind
	landed chan struct{}
	err    error // set before landed is closed
}

type flightKind int

const (
	resuming flightKind = iota
	pausing
)

// resume makes a paused session ready, also one that is being paused, and blocks
// until it is.
func (f *Fleet) resume(ctx context.Context, s *Sandbox) error {
	for {
		fl, mine := s.board(resuming)
		if mine {
			if err := f.spawn(func(ctx context.Context) { s.land(fl, f.wake(ctx, s)) }); err != nil {
				s.land(fl, err)
			}
		}
		select {
		case <-fl.landed:
			if fl.kind == resuming {
				return fl.err
			}
		case <-ctx.Done():
			return ctx.Err()
		}
	}
}

// resumeSoon is resume for those who do not wait for it.
func (f *Fleet) resumeSoon(s *Sandbox, why string) {
	err := f.spawn(func(ctx context.Context) {
		if err := f.resume(ctx, s); err != nil {
			f.cfg.Log.WarnContext(ctx, why, "session", s.id, "error", err)
		}
	})
	if err != nil {
		f.cfg.Log.Info(why+": left to the next run", "session", s.id, "error", err)
	}
}

func (f *Fleet) wake(ctx context.Context, s *Sandbox) error {
	nodes := s.onNodes()
	ctx, cancel := s.whileOpen(ctx)
	defer cancel()
	switch s.Session().State { // it may have changed since it was looked at
	case labs.Ready:
		return nil
	case labs.Queued, labs.Preparing:
		return labs.ErrNotReady
	case labs.Ended, labs.Broken:
		return labs.ErrEnded
	case labs.Paused:
	}
	timed, stop := context.WithTimeout(ctx, resumeTimeout)
	defer stop()
	err := f.cfg.Pauser.Resume(timed, s.cluster())
	if ctx.Err() != nil {
		return context.Cause(ctx)
	}
	if err == nil {
		return f.changeOn(ctx, s, nodes, to(labs.Ready))
	}
	f.cfg.Log.ErrorContext(ctx, "resume a cluster", "session", s.id, "cluster", s.cluster(), "error", err)
	if errors.Is(err, cluster.ErrDamaged) {
		return f.replace(ctx, s, nodes)
	}
	return f.afterFailedResume(ctx, s, nodes, fmt.Errorf("resume the cluster of session %s: %w", s.id, err))
}

// afterFailedResume asks the machine what became of the cluster. One that runs
// is ready: that its API server does not answer may be the learner's own work.
// One that lacks nodes is replaced, and one that is gone is the end of the session.
func (f *Fleet) afterFailedResume(ctx context.Context, s *Sandbox, on *nodes, reason error) error {
	ctx, cancel := context.WithTimeout(ctx, listTimeout)
	defer cancel()
	clusters, err := f.cfg.Provider.List(ctx)
	if err != nil {
		return errors.Join(reason, err)
	}
	i := slices.IndexFunc(clusters, func(c cluster.Cluster) bool { return c.Name == s.cluster() })
	if i < 0 {
		return cmp.Or(f.changeOn(ctx, s, on, broken(lost)), labs.ErrEnded)
	}
	switch clusters[i].State {
	case cluster.Running:
		return f.changeOn(ctx, s, on, to(labs.Ready))
	case cluster.Broken:
		return f.replace(ctx, s, on)
	case cluster.Paused, cluster.Stopped:
	}
	return reason
}

// changeOn is change where the session still has the cluster that those are the
// nodes of, else labs.ErrNotReady: it was reset meanwhile.
func (f *Fleet) changeOn(ctx context.Context, s *Sandbox, on *nodes, edit edit) error {
	err := f.changeIf(ctx, s, func() bool { return s.onNodes() == on }, edit)
	if err == nil && s.onNodes() != on {
		return labs.ErrNotReady
	}
	return err
}

// board joins the flight under way, or begins one that the caller lands (mine).
func (s *Sandbox) board(kind flightKind) (_ *flight, mine bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.flight != nil {
		return s.flight, false
	}
	s.flight = &flight{kind: kind, landed: make(chan struct{})}
	return s.flight, true
}

func (s *Sandbox) land(fl *flight, err error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.flight = nil
	fl.err = err
	close(fl.landed)
}
