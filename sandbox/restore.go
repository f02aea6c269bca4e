package sandbox

import (
	"context"
	"errors"
	"fmt"

	"github.com/greenbox-lab/greenbox/labs"
	"github.com/greenbox-lab/greenbox/sandbox/restore"
)

// ErrNotRestored says that a script of a restore failed, mostly because of what the
// learner did to the cluster.
var ErrNotRestored = errors.New("not restored")

// Restore restores the starting point of a step in place, as package restore
// does; the shells stay. It blocks for as long as that takes. When ctx ends it is
// left half done, and the next one puts that right. While another restore is
// under way it is labs.ErrBusy, and labs.ErrNotReady or labs.ErrEnded when the
// cluster is taken away meanwhile; ErrNotRestored when a script fails.
func (s *Sandbox) Restore(ctx context.Context, stepID string) error {
	lab, err := s.labs(s.Session().LabID)
	if err != nil {
		return err
	}
	select {
	case s.restoring <- struct{}{}:
		defer func() { <-s.restoring }()
	default:
		return labs.ErrBusy
	}
	open, cancel := s.whileOpen(ctx)
	defer cancel()
	err = restore.Step(open, s, lab.For(s.id), stepID)
	if err != nil && open.Err() != nil {
		return context.Cause(open)
	}
	if failed := (*restore.ScriptError)(nil); errors.As(err, &failed) {
		return fmt.Errorf("%w: %w", ErrNotRestored, err)
	}
	return err
}
