// Package archive keeps what a learner made when a session has ended and its
// cluster is about to go: a DIR/<session>.tar.gz to download.
//
// In it is, for each node, the history of its shells and what was written under
// /root and into the folders of static Pods since the lab began; the objects that
// were not there then, as YAML; a README.txt that says so; and a summary.json.
// What a learner's cluster sends is not believed: names are cleaned, only regular
// files are taken, and everything read of it is bounded in bytes and in time. The
// cluster may not answer, or answer in part: Collect then fails and is called
// again, and when nobody wants to wait any longer, Settle keeps the best that came
// of it, which says in its README what is missing.
//
// An archive is written beside its place, synced and renamed: where there is one,
// it is whole or was settled for, whenever the server was killed. Until then the
// cluster stays, so the next server begins again; that is what package sandbox
// sees to, which decides when to collect, how often to try and when to remove.
//
// The package knows no engine and no SQL. It reads nodes with find and tar, and
// objects by discovery, so that kinds of the learner's own are among them.
package archive

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/greenbox-lab/greenbox/labs"
	"k8s.io/client-go/rest"
)

// Work is what is to be kept.
type Work struct {
	Session labs.Session
	Steps   []labs.StepVerdict
	Ended   time.Time
	Reach   Reach
}

// Reach is the way into the session's cluster; see cluster.Access.
type Reach interface {
	Dial(ctx context.Context, node string, argv []string) (io.ReadWriteCloser, error)
	Config(ctx context.Context) (*rest.Config, error)
}

// IncompleteError says that the cluster did not give all there is to keep.
type IncompleteError struct {
	Missing []string // such as node01, or objects
	Reason  error
}

func (e *IncompleteError) Error() string {
	return fmt.Sprintf("%s could not be saved: %v", strings.Join(e.Missing, ", "), e.Reason)
}

func (e *IncompleteError) Unwrap() error { return e.Reason }

// Archives are the archives in one folder. Several goroutines may use it, for
// sessions of their own.
type Archives struct {
	dir string
}

// New returns the archives in dir, which it makes if it is not there.
func New(dir string) (*Archives, error) {
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return nil, fmt.Errorf("folder of the archives: %w", err)
	}
	return &Archives{dir: dir}, nil
}

const (
	suffix = ".tar.gz"
	part   = ".part" // after suffix, behind a dot: being written
	best   = ".best" // after suffix, behind a dot: the best of the incomplete ones
)

// Open returns a session's archive, which the caller closes, or labs.ErrNotFound.
func (a *Archives) Open(sessionID string) (*os.File, error) {
	file, err := os.Open(a.path(sessionID))
	if errors.Is(err, fs.ErrNotExist) {
		return nil, fmt.Errorf("archive of session %s: %w", sessionID, labs.ErrNotFound)
	}
	return file, err
}

// Size returns the size of a session's archive, or labs.ErrNotFound.
func (a *Archives) Size(sessionID string) (int64, error) {
	info, err := os.Stat(a.path(sessionID))
	if errors.Is(err, fs.ErrNotExist) {
		return 0, fmt.Errorf("archive of session %s: %w", sessionID, labs.ErrNotFound)
	}
	if err != nil {
		return 0, err
	}
	return info.Size(), nil
}

// Settle keeps the best that Collect could make, and returns labs.ErrNotFound
// where that is nothing.
func (a *Archives) Settle(sessionID string) error {
	err := os.Rename(a.draft(sessionID, best), a.path(sessionID))
	if errors.Is(err, fs.ErrNotExist) {
		return fmt.Errorf("archive of session %s: %w", sessionID, labs.ErrNotFound)
	}
	return errors.Join(err, a.sync())
}

// Prune removes the archives that were made before then.
func (a *Archives) Prune(then time.Time) error {
	files, err := os.ReadDir(a.dir)
	if err != nil {
		return err
	}
	var errs []error
	for _, file := range files {
		info, err := file.Info()
		if err == nil && strings.Contains(file.Name(), suffix) && info.ModTime().Before(then) {
			err = os.Remove(filepath.Join(a.dir, file.Name()))
		}
		if !errors.Is(err, fs.ErrNotExist) {
			errs = append(errs, err)
		}
	}
	return errors.Join(errs...)
}

// path is where a session's archive is. A session's id comes from a URL: one that
// would lead out of the folder leads nowhere.
func (a *Archives) path(sessionID string) string {
	return filepath.Join(a.dir, tidy(sessionID)+suffix)
}

// draft is where an archive is before it is there, under a name that nobody takes
// for one.
func (a *Archives) draft(sessionID, what string) string {
	return filepath.Join(a.dir, "."+filepath.Base(a.path(sessionID))+what)
}

// sync makes what was renamed in the folder outlast a power loss.
func (a *Archives) sync() error {
	dir, err := os.Open(a.dir)
	if err != nil {
		return err
	}
	return errors.Join(dir.Sync(), dir.Close())
}
