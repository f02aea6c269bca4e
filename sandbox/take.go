package sandbox

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/greenbox-lab/greenbox/labs"
	"golang.org/x/sync/errgroup"
)

// start is what a start needs, that after a reset included. It belongs to the
// goroutine that lives the session's life.
type start struct {
	lab    labs.Lab
	ticket *ticket     // its place in line; nil where there is a spare
	spare  *labs.Spare // the session's cluster, which nobody has resumed yet; or nil
	remade bool        // something of the session's cluster may be there already
	before []string    // the clusters that the session had; to be removed once the new one is there
}

// begin gives a new session the spare it can have, and that spare's id, or else a
// place in line.
func (f *Fleet) begin(draft labs.Session, lab labs.Lab) (labs.Session, start) {
	f.line.offer() // those who wait come first
	if spare, ok := f.pool.take(lab.ID, setupHash(lab), func(labs.Spare) bool { return true }); ok {
		if f.line.tryHold(spareID(spare)) {
			draft.ID = spareID(spare)
			return onSpare(spare)(draft), start{lab: lab, spare: &spare}
		}
		f.pool.giveBack(spare.Cluster)
	}
	ticket, at := f.enter(draft.ID, lab)
	return inLine(at)(draft), start{lab: lab, ticket: ticket}
}

// renew is begin for a session that keeps its id.
func (f *Fleet) renew(now labs.Session, lab labs.Lab) (labs.Session, start) {
	f.line.offer()
	if spare, ok := f.takeFor(now.ID, lab); ok {
		return onSpare(spare)(now), start{lab: lab, spare: &spare, before: []string{now.Cluster}}
	}
	ticket, at := f.enter(now.ID, lab)
	return inLine(at)(now), start{lab: lab, ticket: ticket, remade: true}
}

// enter takes a place in line for a session's start.
func (f *Fleet) enter(id string, lab labs.Lab) (*ticket, position) {
	return f.line.enter(id, func() (labs.Spare, bool) { return f.takeFor(id, lab) })
}

// leave gives the place in line back, and the spare that was set aside.
func (f *Fleet) leave(t *ticket) {
	f.line.leave(t)
	if spare := f.line.collect(t); spare != nil {
		f.giveBack(*spare)
	}
}

func (f *Fleet) giveBack(spare labs.Spare) {
	f.pool.giveBack(spare.Cluster)
	f.line.offer()
}

// takeFor takes a spare for a session that has its id, and with it what its lab draws:
// one that was set up beforehand must have drawn the same.
func (f *Fleet) takeFor(id string, lab labs.Lab) (labs.Spare, bool) {
	drawn := setupHash(lab.For(id))
	return f.pool.take(lab.ID, setupHash(lab), func(s labs.Spare) bool { return setupHash(lab.For(spareID(s))) == drawn })
}

// onSpare is the edit for a session that takes a spare.
func onSpare(spare labs.Spare) edit {
	return func(s labs.Session) labs.Session {
		s.State, s.Stage, s.Place, s.Wait = labs.Preparing, labs.StageReady, 0, ""
		s.Cluster, s.ReadyAt = spare.Cluster, time.Time{}
		return s
	}
}

// saveTaken saves a session whose cluster may be a spare that it takes.
func (f *Fleet) saveTaken(ctx context.Context, s labs.Session) error {
	if !f.pool.knows(s.Cluster) {
		return f.cfg.Store.SaveSession(ctx, s)
	}
	err := f.cfg.Spares.TakeSpare(ctx, s)
	if err == nil || errors.Is(err, labs.ErrNotFound) { // a save that was given up had reached the store
		f.pool.drop(s.Cluster)
	}
	if errors.Is(err, labs.ErrNotFound) {
		return fmt.Errorf("the spare %s could not be taken: %s", s.Cluster, err) //nolint:errorlint // it is not the session that was not found
	}
	return err
}

// giveUp undoes a begin that could not be saved.
func (f *Fleet) giveUp(s start) {
	if s.ticket != nil {
		f.leave(s.ticket)
	}
	if s.spare != nil {
		f.giveBack(*s.spare)
	}
}

// startOnSpare takes a session from a spare to ready, and reports whether there is
// nothing left to do. Where it fails, the session needs a place in line.
func (f *Fleet) startOnSpare(ctx context.Context, s *Sandbox) (done bool) {
	setUp := s.spare.LabID != anyLab
	s.spare = nil
	begun := time.Now()
	timed, cancel := context.WithTimeout(ctx, f.cfg.StartTimeout)
	defer cancel()
	err := f.wakeSpare(timed, s.cluster())
	if err == nil {
		f.cfg.Observe.Started(FromPool, time.Since(begun))
	}
	if err == nil && !setUp {
		err = f.setUpLab(timed, s)
	}
	took := time.Since(begun).Round(time.Millisecond)
	switch {
	case ctx.Err() != nil: // ended, or the next Run's to start again
		return true
	case err == nil:
		f.cfg.Log.InfoContext(ctx, "spare taken", "session", s.id, "cluster", s.cluster(), "lab", s.lab.ID, "took", took)
		f.settle(ctx, s, to(labs.Ready))
		return true
	}
	f.cfg.Log.WarnContext(ctx, "start on a spare", "session", s.id, "cluster", s.cluster(), "took", took, "error", err)
	s.remade = true
	return false
}

// wakeSpare makes a spare a learner's.
func (f *Fleet) wakeSpare(ctx context.Context, name string) error {
	var both errgroup.Group
	both.Go(func() error { return f.cfg.Taker.Take(ctx, name) })
	both.Go(func() error { return f.cfg.Pauser.Resume(ctx, name) })
	return both.Wait()
}

// swapIn gives a start whose turn has come a spare that is there by now, and reports
// whether it did. What was open on the cluster of before ends.
func (f *Fleet) swapIn(ctx context.Context, s *Sandbox) bool {
	spare, ok := f.spareFor(s)
	if !ok {
		return false
	}
	before := s.cluster()
	err := f.change(ctx, s, onSpare(spare))
	if err != nil {
		f.giveBack(spare)
		if !errors.Is(err, labs.ErrEnded) {
			f.cfg.Log.WarnContext(ctx, "take a spare", "session", s.id, "cluster", spare.Cluster, "error", err)
		}
		return false
	}
	s.spare, s.before = &spare, append(s.before, before)
	left := s.leaveNodes()
	s.closing.Go(func() { f.closeStreams(ctx, s, left) })
	return true
}

// spareFor is the spare that was set aside for a start, or else another that fits.
func (f *Fleet) spareFor(s *Sandbox) (labs.Spare, bool) {
	if spare := f.line.collect(s.ticket); spare != nil {
		return *spare, true
	}
	return f.takeFor(s.id, s.lab)
}

// leaveBehind ends a start: its place in line is free, and the clusters of before are
// removed in the background. Where that fails they are orphans.
func (f *Fleet) leaveBehind(ctx context.Context, s *Sandbox) {
	if s.ticket != nil {
		f.leave(s.ticket)
	}
	before := slices.DeleteFunc(s.before, func(name string) bool { return name == s.cluster() })
	s.start = start{}
	if len(before) == 0 {
		return
	}
	err := f.spawn(func(ctx context.Context) {
		for _, name := range before {
			if err := f.delete(ctx, name); err != nil {
				f.cfg.Log.WarnContext(ctx, "remove the cluster of before", "session", s.id, "cluster", name, "error", err)
			}
		}
	})
	if err != nil {
		f.cfg.Log.InfoContext(ctx, "clusters of before left to the next run", "session", s.id, "clusters", before, "error", err)
	}
}
