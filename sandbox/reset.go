package sandbox

import (
	"context"
	"time"

	"github.com/greenbox-lab/greenbox/labs"
)

// again is a reset that is saved.
type again struct {
	start start
	left  *nodes // of the cluster of before
}

// Reset gives a session a new cluster in the place of the one it has: when it
// returns, that is saved and published, attempts from before no longer count, and
// the session has a spare or stands in line. The old cluster is removed once the
// spare has been swapped in, or when the turn comes.
// For a session that has no cluster yet it does nothing. The errors are
// labs.ErrEnded for a session that has ended or failed, and labs.ErrNotFound for
// an unknown one or one whose lab is gone.
func (f *Fleet) Reset(ctx context.Context, id string) error {
	s, err := f.find(ctx, id)
	if err != nil {
		return err
	}
	if err := f.await(ctx, f.joined); err != nil {
		return err
	}
	lab, err := f.cfg.Labs(s.Session().LabID)
	if err != nil {
		return err
	}
	return f.anew(ctx, s, lab, func() bool { return true }, beginAgain)
}

// beginAgain is the edit that has attempts of before no longer count.
func beginAgain(s labs.Session) labs.Session {
	s.ResetAt = time.Now().UTC().Truncate(time.Microsecond)
	return s
}

// anew is a change that takes a place in line and leaves the nodes of before, where
// still says, once it is its turn, that the reason for it holds.
func (f *Fleet) anew(ctx context.Context, s *Sandbox, lab labs.Lab, still func() bool, edit edit) error {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), saveTimeout)
	defer cancel()
	if err := s.takeTurn(ctx); err != nil {
		return err
	}
	defer s.endTurn()
	now := s.Session()
	switch now.State {
	case labs.Ended, labs.Broken:
		return labs.ErrEnded
	case labs.Queued, labs.Preparing:
		return nil
	case labs.Ready, labs.Paused:
	}
	if !still() {
		return nil
	}
	next, start := f.renew(now, lab)
	next = edit(next)
	if err := f.record(ctx, s, now, next); err != nil {
		f.giveUp(start)
		return err
	}
	s.again <- again{start, s.leaveNodes()}
	return nil
}

// leaveNodes ends what is under way on the nodes and returns them: the session
// now has those of a cluster to be made.
func (s *Sandbox) leaveNodes() *nodes {
	next := s.newNodes()
	s.mu.Lock()
	defer s.mu.Unlock()
	left := s.nodes
	s.nodes = next
	close(left.over)
	return left
}
