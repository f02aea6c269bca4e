package nodeimage

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"time"

	"golang.org/x/sys/unix"
)

func prepareCache(dir string) error {
	if err := os.MkdirAll(dir, 0o755); err != nil { //nolint:gosec // apt's sandbox user reads in it
		return fmt.Errorf("cache of the node image: %w", err)
	}
	stale, err := filepath.Glob(filepath.Join(dir, "*.partial"))
	if err != nil {
		return err
	}
	modules, err := filepath.Glob(filepath.Join(dir, "module-*"))
	if err != nil {
		return err
	}
	var errs []error
	for _, d := range append(stale, modules...) {
		errs = append(errs, os.RemoveAll(d))
	}
	return errors.Join(errs...)
}

// lock waits until no other process builds in dir.
func lock(ctx context.Context, dir string) (unlock func(), err error) {
	f, err := os.OpenFile(filepath.Join(dir, "lock"), os.O_CREATE|os.O_RDWR, 0o600) //nolint:gosec // our own cache
	if err != nil {
		return nil, err
	}
	for unix.Flock(int(f.Fd()), unix.LOCK_EX|unix.LOCK_NB) != nil {
		select {
		case <-ctx.Done():
			_ = f.Close() // nothing was written
			return nil, fmt.Errorf("another process is making the node image: %w", ctx.Err())
		case <-time.After(time.Second):
		}
	}
	return func() { _ = f.Close() }, nil // closing gives the lock back
}

// cached returns the folder name in the cache, filled by fill if it is not there.
// A folder is there only when fill has returned nil.
func (b *Builder) cached(name string, fill func(dir string) error) (string, error) {
	dir := filepath.Join(b.Cache, name)
	if _, err := os.Stat(dir); err == nil {
		return dir, nil
	}
	partial := dir + ".partial"
	if err := os.MkdirAll(partial, 0o755); err != nil { //nolint:gosec // apt's sandbox user reads in it
		return "", err
	}
	if err := fill(partial); err != nil {
		return "", err
	}
	return dir, os.Rename(partial, dir)
}

func digest(parts ...string) string {
	h := sha256.New()
	for _, p := range parts {
		fmt.Fprintf(h, "%d\n%s", len(p), p)
	}
	return hex.EncodeToString(h.Sum(nil))[:12]
}

// run runs a program and keeps what it printed for the error.
func run(ctx context.Context, dir string, env []string, argv ...string) error {
	_, err := output(ctx, dir, env, argv...)
	return err
}

func output(ctx context.Context, dir string, env []string, argv ...string) ([]byte, error) {
	cmd := exec.CommandContext(ctx, argv[0], argv[1:]...) //nolint:gosec // argv is ours
	cmd.Dir = dir
	cmd.Env = append(os.Environ(), env...)
	var stdout, stderr strings.Builder
	cmd.Stdout, cmd.Stderr = &stdout, &stderr
	cmd.WaitDelay = 10 * time.Second
	if err := cmd.Run(); err != nil {
		return nil, fmt.Errorf("%s: %w\n%s", strings.Join(argv, " "), err, tail(stdout.String()+stderr.String()))
	}
	return []byte(stdout.String()), nil
}

// tail is the last lines of a program's output, enough to see what went wrong.
func tail(s string) string {
	const most = 20
	lines := strings.Split(strings.TrimSpace(s), "\n")
	return strings.Join(lines[max(0, len(lines)-most):], "\n")
}
