package agent

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"path/filepath"
	"strings"
	"syscall"
	"time"

	"github.com/fsnotify/fsnotify"
	"github.com/hashicorp/yamux"
)

const (
	watchedMax  = 32                    // paths of one watch
	watchSettle = 20 * time.Millisecond // changes within are one
)

// serveWatch announces changes of files, a frame each, until the caller leaves. An
// error is the answer still to be given.
func serveWatch(stream *yamux.Stream, req watchRequest) error {
	w, err := newFileWatch(req.Paths)
	if err != nil {
		return fmt.Errorf("watch files: %w", err)
	}
	defer func() { _ = w.notify.Close() }() // nothing of it is needed any more
	if err := writeMessage(stream, response{}); err != nil {
		return nil // the caller has left
	}
	gone := make(chan struct{})
	go func() {
		defer close(gone)
		_, _ = io.Copy(io.Discard, stream) // returns when the caller leaves
	}()
	w.announce(gone, func() error {
		_, err := stream.Write(sealFrame(make([]byte, frameHead), frameChanged, 0))
		return err
	})
	_ = stream.Close()                          // over, whatever it says
	_ = stream.SetReadDeadline(time.Unix(1, 0)) // never fails
	<-gone
	return nil
}

// fileWatch watches files that need not exist, by an inotify instance of its own
// on every directory on the way to each: any of them may be made, moved away or
// replaced.
type fileWatch struct {
	notify *fsnotify.Watcher
	paths  []string
	names  map[string]bool // the paths, what they are links to, and the directories on the way
}

func newFileWatch(paths []string) (*fileWatch, error) {
	if len(paths) > watchedMax {
		return nil, fmt.Errorf("%d paths are more than %d", len(paths), watchedMax)
	}
	notify, err := fsnotify.NewWatcher()
	if err != nil {
		return nil, err
	}
	w := &fileWatch{notify: notify, paths: paths}
	if err := w.arm(); err != nil {
		_ = notify.Close() // the first error says more
		return nil, err
	}
	return w, nil
}

// arm watches what there is now on the way to the paths.
func (w *fileWatch) arm() error {
	w.names = map[string]bool{}
	for _, path := range w.paths {
		if err := w.follow(path); err != nil {
			return err
		}
		target, err := filepath.EvalSymlinks(path)
		if err != nil || target == path {
			continue
		}
		if err := w.follow(target); err != nil {
			return err
		}
	}
	return nil
}

// follow watches the directories on the way to a path from the root down: what
// appears meanwhile is either there when its turn comes, or an event.
func (w *fileWatch) follow(path string) error {
	way := "/"
	for name := range strings.SplitSeq(strings.Trim(path, "/"), "/") {
		err := w.notify.Add(way)
		if err != nil && !errors.Is(err, fs.ErrNotExist) && !errors.Is(err, syscall.ENOTDIR) && !errors.Is(err, syscall.ELOOP) {
			return fmt.Errorf("%s: %w", way, err)
		}
		way = filepath.Join(way, name)
		w.names[way] = true
	}
	return nil
}

// announce calls changed after changes until gone is closed or it cannot go on.
func (w *fileWatch) announce(gone <-chan struct{}, changed func() error) {
	var due <-chan time.Time
	for {
		select {
		case <-gone:
			return
		case event := <-w.notify.Events:
			if due == nil && w.names[event.Name] && event.Op != fsnotify.Chmod {
				due = time.After(watchSettle)
			}
		case err := <-w.notify.Errors:
			if !errors.Is(err, fsnotify.ErrEventOverflow) {
				return
			}
			due = time.After(watchSettle)
		case <-due:
			due = nil
			if errors.Join(w.arm(), changed()) != nil {
				return
			}
		}
	}
}
