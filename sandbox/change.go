package sandbox

import (
	"cmp"
	"context"
	"errors"
	"time"

	"github.com/greenbox-lab/greenbox/labs"
)

// edit turns a session's row into the next one.
type edit func(labs.Session) labs.Session

// change edits a session's row, saves it, then publishes it. One change of a
// session is saved and published at a time, so that the store and the pages see
// them in one order; Session is not held up by that, and no caller's own ctx
// cuts a save short. A session that is ended or failed no longer changes:
// labs.ErrEnded.
func (f *Fleet) change(ctx context.Context, s *Sandbox, edit edit) error {
	return f.changeIf(ctx, s, func() bool { return true }, edit)
}

// changeIf is change where still says, once it is this change's turn, that the
// reason for it holds; else nothing happens.
func (f *Fleet) changeIf(ctx context.Context, s *Sandbox, still func() bool, edit edit) error {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), saveTimeout)
	defer cancel()
	if err := s.takeTurn(ctx); err != nil {
		return err
	}
	defer s.endTurn()
	now := s.Session()
	if !now.Open() {
		return labs.ErrEnded
	}
	next := edit(now)
	if next == now || !still() {
		return nil
	}
	return f.record(ctx, s, now, next)
}

// tell publishes a session that is ready as it is, in its turn.
func (f *Fleet) tell(ctx context.Context, s *Sandbox) error {
	ctx, cancel := context.WithTimeout(ctx, saveTimeout)
	defer cancel()
	if err := s.takeTurn(ctx); err != nil {
		return err
	}
	defer s.endTurn()
	if now := s.Session(); now.State == labs.Ready {
		f.cfg.Publish(labs.SessionChanged{Now: now})
	}
	return nil
}

func (s *Sandbox) takeTurn(ctx context.Context) error {
	select {
	case s.turn <- struct{}{}:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

func (s *Sandbox) endTurn() { <-s.turn }

// record saves next, unless only its stage or place moved: those are true of
// this process alone and are only published.
func (f *Fleet) record(ctx context.Context, s *Sandbox, now, next labs.Session) error {
	if lasting(now) != lasting(next) {
		if err := f.saveTaken(ctx, next); err != nil {
			return err
		}
	}
	s.set(next)
	f.cfg.Publish(labs.SessionChanged{Now: next})
	return nil
}

func lasting(s labs.Session) labs.Session {
	s.Stage, s.Place, s.Wait = "", 0, ""
	return s
}

// settle makes a change that must not be lost: it tries again until it is
// saved, the session has ended, or ctx has.
func (f *Fleet) settle(ctx context.Context, s *Sandbox, edit edit) {
	for {
		err := f.change(ctx, s, edit)
		if err == nil || errors.Is(err, labs.ErrEnded) {
			return
		}
		f.cfg.Log.ErrorContext(ctx, "save a session", "session", s.id, "error", err)
		if !sleep(ctx, 2*time.Second) {
			return
		}
	}
}

// inLine is the edit for a place in line; at place 0 the start begins.
func inLine(at position) edit {
	return func(s labs.Session) labs.Session {
		s.ReadyAt = time.Time{}
		if at.place > 0 {
			s.State, s.Stage, s.Place, s.Wait = labs.Queued, "", at.place, at.wait
			return s
		}
		s.State, s.Stage, s.Place, s.Wait = labs.Preparing, labs.StageNetwork, 0, ""
		s.Cluster = cmp.Or(s.Cluster, clusterName(s.ID))
		return s
	}
}

func atStage(stage labs.Stage) edit {
	return func(s labs.Session) labs.Session {
		s.Stage = stage
		return s
	}
}

func to(state labs.State) edit {
	return func(s labs.Session) labs.Session {
		s.State, s.Stage, s.Place, s.Wait = state, "", 0, ""
		if state == labs.Ready && s.ReadyAt.IsZero() {
			s.ReadyAt = time.Now().UTC().Truncate(time.Microsecond)
		}
		return s
	}
}

func broken(sentence string) edit {
	return func(s labs.Session) labs.Session {
		s.State, s.Stage, s.Place, s.Wait, s.Error = labs.Broken, "", 0, "", sentence
		return s
	}
}

// sleep reports whether it slept for d; it returns early when ctx ends.
func sleep(ctx context.Context, d time.Duration) bool {
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-t.C:
		return true
	case <-ctx.Done():
		return false
	}
}
