package sandbox

import (
	"context"
	"errors"
	"fmt"

	"github.com/greenbox-lab/greenbox/labs"
	"github.com/greenbox-lab/greenbox/sandbox/restore"
)

// prepareTwice is prepare, and once more on a fresh cluster if that fails.
func (f *Fleet) prepareTwice(ctx context.Context, s *Sandbox) error {
	err := f.prepare(ctx, s)
	if err == nil || ctx.Err() != nil {
		return err
	}
	f.cfg.Log.WarnContext(ctx, "a start failed and is tried once more", "session", s.id, "error", err)
	f.show(ctx, s, labs.StageNetwork)
	if derr := f.delete(ctx, s.cluster()); derr != nil {
		return fmt.Errorf("%w; and what was left of the cluster could not be removed: %w", err, derr)
	}
	return f.prepare(ctx, s)
}

// judge tells the breaker what a start came to. A lab's script that fails is no
// failure of the machine's.
func (f *Fleet) judge(ctx context.Context, s *Sandbox, err error) {
	script := (*restore.ScriptError)(nil)
	pause := f.line.judge(s.ticket, err == nil || errors.As(err, &script))
	if pause > 0 {
		f.cfg.Log.ErrorContext(ctx, "starts fail one after the other, so none is tried for a while: run `greenbox doctor`,"+
			" and look at the errors of the last starts and at the nodes' logs, in the folder logs of the data folder", "pause", pause, "error", err)
	}
}
