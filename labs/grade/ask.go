package grade

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"time"

	"k8s.io/apimachinery/pkg/api/meta"
)

// How long a kubelet or an API server that restarts is given to answer.
const (
	askFor   = 8 * time.Second
	askAgain = 250 * time.Millisecond
)

// ask asks something of the cluster, and asks again while it cannot be asked. The
// error is the last that says why, after what could not be done.
func ask[T any](ctx context.Context, what string, question func(context.Context) (T, error)) (T, error) {
	ctx, cancel := context.WithTimeout(ctx, askFor)
	defer cancel()
	var reason error
	for {
		answer, err := question(ctx)
		if err == nil {
			return answer, nil
		}
		if reason == nil || ctx.Err() == nil {
			reason = err
		}
		if isAnswer(err) || !pause(ctx, askAgain) {
			return answer, fmt.Errorf("%s: %w", what, reason)
		}
	}
}

// isAnswer reports whether an error says something about the cluster rather than
// that it could not be asked.
func isAnswer(err error) bool {
	return errors.Is(err, fs.ErrNotExist) || errors.Is(err, fs.ErrInvalid) || meta.IsNoMatchError(err)
}

// pause waits; it reports whether it did so to the end, rather than until ctx ended.
func pause(ctx context.Context, d time.Duration) bool {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
		return true
	case <-ctx.Done():
		return false
	}
}
