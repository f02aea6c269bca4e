package sandbox

import (
	"context"
	"errors"

	"github.com/greenbox-lab/greenbox/labs"
)

// End ends a session: when it returns, that is saved and published, and a start
// under way is being cancelled; its cluster is removed in the background, with
// retries until it is gone. Ending an ended or failed session does nothing; an
// unknown one is labs.ErrNotFound.
func (f *Fleet) End(ctx context.Context, id string) error {
	s, err := f.find(ctx, id)
	if err == nil {
		err = f.change(ctx, s, to(labs.Ended))
	}
	if errors.Is(err, labs.ErrEnded) {
		return nil
	}
	return err
}
