package agent

import (
	"context"
	"errors"
	"fmt"
	"net"
	"time"
)

// How soon a watch that broke is tried again.
const (
	rewatchSoonest = 200 * time.Millisecond
	rewatchLatest  = 5 * time.Second
)

// WatchFiles calls changed when one of the files on the node may have changed,
// appeared or gone: once it watches them, again after every break, for something
// may have been missed, and then within some 30 ms of a change. The paths are
// absolute; neither they nor their directories need exist. It blocks until ctx
// ends or the client is closed, and says which.
func (c *Client) WatchFiles(ctx context.Context, paths []string, changed func()) error {
	if len(paths) > watchedMax {
		return fmt.Errorf("watch %d files: more than %d", len(paths), watchedMax)
	}
	for wait := rewatchSoonest; ; wait = min(2*wait, rewatchLatest) {
		err := c.watch(ctx, paths, func() {
			wait = rewatchSoonest
			changed()
		})
		if errors.Is(err, net.ErrClosed) && !errors.Is(err, ErrBroken) {
			return fmt.Errorf("watch files: %w", err)
		}
		select {
		case <-ctx.Done():
			return fmt.Errorf("watch files: %w", ctx.Err())
		case <-time.After(wait):
		}
	}
}

// watch does so until the stream breaks.
func (c *Client) watch(ctx context.Context, paths []string, changed func()) error {
	stream, _, err := c.request(ctx, request{Watch: &watchRequest{Paths: paths}})
	if err != nil {
		return err
	}
	defer func() { _ = stream.Close() }() // broken, or no longer wanted
	defer interrupt(ctx, stream)()
	for {
		changed()
		if _, _, err := readFrameHead(stream, 0); err != nil {
			return broken(ctx, err)
		}
	}
}
