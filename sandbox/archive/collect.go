package archive

import (
	"archive/tar"
	"compress/gzip"
	"context"
	"errors"
	"fmt"
	"os"
	"time"

	"github.com/greenbox-lab/greenbox/labs"
)

// What is kept of a session at most, in bytes.
const (
	maxFile    = 1 << 20  // one file, or one object
	maxFiles   = 20 << 20 // the files of both nodes
	maxObjects = 20 << 20
)

// partTimeout is how long a node, or the API server, may take.
const partTimeout = 10 * time.Second

// Objects names the part of an archive that is the API server's, and no node's.
const Objects = "objects"

// collection is one archive while it is made.
type collection struct {
	work    Work
	out     *tar.Writer
	used    map[string]bool // names in the archive
	began   map[string]bool // the objects that were there when the lab began, by key
	room    int             // bytes left for files
	missing []string        // parts
	reasons []error         // why they are
	left    []string        // what was left out on purpose, in English
}

// Collect makes the session's archive of what its cluster gives now. Where that
// is not all, the error is an *IncompleteError; the best such one waits for Settle.
// Any other error is that of the disk.
func (a *Archives) Collect(ctx context.Context, w Work) error {
	now, before := a.draft(w.Session.ID, part), a.draft(w.Session.ID, best)
	c, err := write(ctx, now, w)
	if err != nil {
		return errors.Join(fmt.Errorf("write an archive: %w", err), os.Remove(now))
	}
	if len(c.missing) == 0 {
		_ = os.Remove(before) // there may be none
		return errors.Join(os.Rename(now, a.path(w.Session.ID)), a.sync())
	}
	incomplete := &IncompleteError{c.missing, errors.Join(c.reasons...)}
	if err := c.keepBest(now, before); err != nil {
		return fmt.Errorf("keep an incomplete archive: %w, and %v", err, incomplete) //nolint:errorlint // it is not the cluster's fault
	}
	return incomplete
}

func write(ctx context.Context, path string, w Work) (*collection, error) {
	file, err := os.OpenFile(path, os.O_CREATE|os.O_TRUNC|os.O_WRONLY, 0o600) //nolint:gosec // G304: tidied
	if err != nil {
		return nil, err
	}
	squeeze := gzip.NewWriter(file)
	c := &collection{work: w, out: tar.NewWriter(squeeze), used: map[string]bool{}, began: map[string]bool{}, room: maxFiles}
	return c, errors.Join(c.all(ctx), c.out.Close(), squeeze.Close(), file.Sync(), file.Close())
}

// keepBest keeps the larger of the incomplete archives. One with nothing in it is none.
func (c *collection) keepBest(now, before string) error {
	if len(c.missing) == len(labs.Nodes())+1 {
		return os.Remove(now)
	}
	made, err := os.Stat(now)
	if err != nil {
		return err
	}
	if had, err := os.Stat(before); err == nil && had.Size() > made.Size() {
		return os.Remove(now)
	}
	return os.Rename(now, before)
}

// all writes the parts, each with a time of its own, and what there is to say of
// them. Its error is that of the archive; a part that fails is only missing.
func (c *collection) all(ctx context.Context) error {
	for _, node := range labs.Nodes() {
		if err := c.part(ctx, node, func(ctx context.Context) error { return c.node(ctx, node) }); err != nil {
			return err
		}
	}
	if err := c.part(ctx, Objects, c.objects); err != nil {
		return err
	}
	return c.describe()
}

func (c *collection) part(ctx context.Context, name string, collect func(context.Context) error) error {
	ctx, cancel := context.WithTimeout(ctx, partTimeout)
	defer cancel()
	err := collect(ctx)
	if failed := (*writeError)(nil); err == nil || errors.As(err, &failed) {
		return err
	}
	c.missing = append(c.missing, name)
	c.reasons = append(c.reasons, fmt.Errorf("%s: %w", name, err))
	return nil
}

// writeError says that the archive, and not the cluster, is what failed.
type writeError struct{ error }

func (e *writeError) Unwrap() error { return e.error }

// leave notes what is left out. What a cluster says may be long, or never end.
func (c *collection) leave(format string, args ...any) {
	const most, longest = 20, 200
	if len(c.left) < most {
		line := []rune(printable(fmt.Sprintf(format, args...)))
		c.left = append(c.left, string(line[:min(len(line), longest)]))
	}
}

// put writes one file. A name that is taken already is left as it is.
func (c *collection) put(name string, mode int64, at time.Time, content []byte) error {
	if c.used[name] {
		return nil
	}
	c.used[name] = true
	if now := time.Now(); at.After(now) || at.Unix() < 0 {
		at = now
	}
	folder := "greenbox-" + tidy(c.work.Session.LabID) + "-" + tidy(c.work.Session.ID) + "/"
	header := &tar.Header{Name: folder + name, Mode: mode, Size: int64(len(content)), ModTime: at.Truncate(time.Second)}
	err := c.out.WriteHeader(header)
	if err == nil {
		_, err = c.out.Write(content)
	}
	if err != nil {
		return &writeError{err}
	}
	return nil
}
