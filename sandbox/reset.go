package sandbox

import (
	"context"
	"time"

	"github.com/greenbox-lab/greenbox/labs"
)

// again is a reset that is saved.
type again struct {
	lab    labs.Lab
	ticket *ticket
	left   *nodes // of the cluster of before
}

// Reset gives a session a new cluster in the place of the one it has: when it
// returns, that is saved and published, attempts from before no longer count, and
// the session stands in line. The old cluster is removed when its turn comes.
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
	return f.reset(ctx, s, lab)
}

// reset is a change that takes a place in line and leaves the nodes of before.
func (f *Fleet) reset(ctx context.Context, s *Sandbox, lab labs.Lab) error {
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
	ticket, at := f.line.enter(s.id)
	next := inLine(at)(now)
	next.ResetAt = time.Now().UTC().Truncate(time.Microsecond)
	if err := f.record(ctx, s, now, next); err != nil {
		f.line.leave(ticket)
		return err
	}
	s.again <- again{lab, ticket, s.leaveNodes()}
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
