package progress

import (
	"errors"
	"fmt"
	"os"
	"strings"

	"golang.org/x/sys/unix"
)

// acquire takes an exclusive lock on the file at path, which holds the owner's
// process id. The lock ends with the process, however that ends.
func acquire(path string) (*os.File, error) {
	f, err := os.OpenFile(path, os.O_RDWR|os.O_CREATE, 0o600) //nolint:gosec // the path is the operator's own choice
	if err != nil {
		return nil, fmt.Errorf("open the database's lock: %w", err)
	}
	err = unix.Flock(int(f.Fd()), unix.LOCK_EX|unix.LOCK_NB)
	if errors.Is(err, unix.EWOULDBLOCK) {
		return nil, errors.Join(inUse(path), f.Close())
	}
	if err != nil {
		return nil, errors.Join(fmt.Errorf("lock %s: %w", path, err), f.Close())
	}
	if err := sign(f); err != nil {
		return nil, errors.Join(fmt.Errorf("write %s: %w", path, err), f.Close())
	}
	return f, nil
}

func sign(f *os.File) error {
	if err := f.Truncate(0); err != nil {
		return err
	}
	_, err := f.WriteAt(fmt.Appendf(nil, "%d\n", os.Getpid()), 0)
	return err
}

func inUse(path string) error {
	owner := "another greenbox server"
	if pid, err := os.ReadFile(path); err == nil && len(pid) > 0 { //nolint:gosec // the path is the operator's own choice
		owner += " (process " + strings.TrimSpace(string(pid)) + ")"
	}
	return fmt.Errorf("the database %s is in use by %s: stop that one first, or use another data directory",
		strings.TrimSuffix(path, ".lock"), owner)
}
