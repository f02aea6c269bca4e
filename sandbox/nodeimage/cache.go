package nodeimage

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"time"

	"golang.org/x/sys/unix"
)

// dropPartial removes from a cache what is not complete. The lock must be held.
func dropPartial(dir string) error {
	var errs []error
	for _, pattern := range []string{"*.partial", "module-*"} {
		left, err := filepath.Glob(filepath.Join(dir, pattern))
		errs = append(errs, err)
		for _, d := range left {
			errs = append(errs, unmountBelow(d), os.RemoveAll(d))
		}
	}
	return errors.Join(errs...)
}

// unmountBelow unmounts what a debootstrap that was killed left mounted.
func unmountBelow(dir string) error {
	mounts, err := os.ReadFile("/proc/self/mountinfo")
	if err != nil {
		return err
	}
	var errs []error
	lines := strings.Split(string(mounts), "\n")
	for _, line := range slices.Backward(lines) { // the innermost first
		fields := strings.Fields(line)
		if len(fields) > 4 && strings.HasPrefix(fields[4], dir+"/") {
			errs = append(errs, unix.Unmount(fields[4], unix.MNT_DETACH))
		}
	}
	return errors.Join(errs...)
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
	return command(ctx, dir, env, io.Discard, argv...)
}

// command is output for a caller who wants to see stderr as it comes.
func command(ctx context.Context, dir string, env []string, watch io.Writer, argv ...string) ([]byte, error) {
	cmd := exec.CommandContext(ctx, argv[0], argv[1:]...) //nolint:gosec // argv is ours
	cmd.Dir = dir
	cmd.Env = append(os.Environ(), env...)
	var stdout, stderr strings.Builder
	cmd.Stdout, cmd.Stderr = &stdout, io.MultiWriter(&stderr, watch)
	// All that it started ends with it, and gets the time to clean up.
	cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	cmd.Cancel = func() error { return syscall.Kill(-cmd.Process.Pid, syscall.SIGTERM) }
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
