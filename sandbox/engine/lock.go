package engine

import (
	"context"
	"fmt"
	"os"
	"time"

	"golang.org/x/sys/unix"
)

// Lock waits until no other process of this machine holds the lock of that file,
// which is made if it is not there. It calls waiting once if it has to wait. Unlock
// gives the lock back; so does the end of the process.
func Lock(ctx context.Context, path string, waiting func()) (unlock func(), err error) {
	f, err := os.OpenFile(path, os.O_CREATE|os.O_RDWR, 0o600) //nolint:gosec // a path of ours
	if err != nil {
		return nil, err
	}
	for said := false; unix.Flock(int(f.Fd()), unix.LOCK_EX|unix.LOCK_NB) != nil; said = true {
		if !said {
			waiting()
		}
		select {
		case <-ctx.Done():
			_ = f.Close() // nothing was written
			return nil, fmt.Errorf("another process holds %s: %w", path, ctx.Err())
		case <-time.After(time.Second):
		}
	}
	return func() { _ = f.Close() }, nil // closing gives the lock back
}
