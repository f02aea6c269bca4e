package agent

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"
)

// watchFiles watches until the test ends. The channel has a token when something
// changed that was not yet taken note of.
func watchFiles(t testing.TB, client *Client, paths ...string) <-chan struct{} {
	t.Helper()
	changes := make(chan struct{}, 1)
	ctx, cancel := context.WithCancel(context.Background())
	var watching sync.WaitGroup
	watching.Go(func() {
		err := client.WatchFiles(ctx, paths, func() {
			select {
			case changes <- struct{}{}:
			default:
			}
		})
		if !errors.Is(err, context.Canceled) {
			t.Errorf("the watch ended with %v", err)
		}
	})
	t.Cleanup(func() { cancel(); watching.Wait() })
	awaitChange(t, changes) // it watches now
	return changes
}

func awaitChange(t testing.TB, changes <-chan struct{}) {
	t.Helper()
	select {
	case <-changes:
	case <-time.After(patience):
		t.Fatal("no change was announced")
	}
}

// quiet is how long nothing must be announced to say that nothing is.
const quiet = 10 * watchSettle

func TestChangesOfFilesAreAnnounced(t *testing.T) {
	client := newClient(t, dialSocket(startAgent(t)))
	write := func(at func(string) string, name string) error {
		return errors.Join(os.MkdirAll(filepath.Dir(at(name)), 0o700), os.WriteFile(at(name), []byte(time.Now().String()), 0o600))
	}
	type place = func(name string) string
	nothing := func(place) error { return nil }
	tests := map[string]struct {
		before, change func(at place) error
		silent         bool
	}{
		"a file that is made": {
			func(at place) error { return os.MkdirAll(at("etc/app"), 0o700) },
			func(at place) error { return write(at, "etc/app/file") }, false},
		"a file that is written": {
			func(at place) error { return write(at, "etc/app/file") },
			func(at place) error { return write(at, "etc/app/file") }, false},
		"a file that is removed": {
			func(at place) error { return write(at, "etc/app/file") },
			func(at place) error { return os.Remove(at("etc/app/file")) }, false},
		"a file that an editor replaces": {
			func(at place) error { return errors.Join(write(at, "etc/app/file"), write(at, "etc/app/.swp")) },
			func(at place) error { return os.Rename(at("etc/app/.swp"), at("etc/app/file")) }, false},
		"a file that is moved away": {
			func(at place) error { return write(at, "etc/app/file") },
			func(at place) error { return os.Rename(at("etc/app/file"), at("saved")) }, false},
		"a file in directories that do not exist yet": {nothing,
			func(at place) error { return write(at, "etc/app/file") }, false},
		"a file in a directory that is replaced": {
			func(at place) error { return errors.Join(write(at, "etc/app/file"), write(at, "new/file")) },
			func(at place) error {
				return errors.Join(os.Rename(at("etc/app"), at("old")), os.Rename(at("new"), at("etc/app")))
			}, false},
		"a directory far above that is moved away": {
			func(at place) error { return write(at, "etc/app/file") },
			func(at place) error { return os.Rename(at("etc"), at("old")) }, false},
		"a directory that is removed with all in it": {
			func(at place) error { return write(at, "etc/app/file") },
			func(at place) error { return os.RemoveAll(at("etc")) }, false},
		"what a link leads to": {
			func(at place) error {
				return errors.Join(write(at, "data/real"), os.MkdirAll(at("etc/app"), 0o700), os.Symlink(at("data/real"), at("etc/app/file")))
			},
			func(at place) error { return write(at, "data/real") }, false},
		"a file in a directory that is a link": {
			func(at place) error {
				return errors.Join(write(at, "data/file"), os.MkdirAll(at("etc"), 0o700), os.Symlink(at("data"), at("etc/app")))
			},
			func(at place) error { return write(at, "data/file") }, false},
		"a neighbour that nobody asked about": {
			func(at place) error { return write(at, "etc/app/file") },
			func(at place) error { return write(at, "etc/app/other") }, true},
		"a mode that changes": {
			func(at place) error { return write(at, "etc/app/file") },
			func(at place) error { return os.Chmod(at("etc/app/file"), 0o644) }, true},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			dir := t.TempDir()
			at := func(name string) string { return filepath.Join(dir, name) }
			must(t, tt.before(at))
			changes := watchFiles(t, client, at("etc/app/file"))
			must(t, tt.change(at))
			if !tt.silent {
				awaitChange(t, changes)
				return
			}
			select {
			case <-changes:
				t.Error("a change was announced")
			case <-time.After(quiet):
			}
		})
	}
}

func TestAWatchFollowsADirectoryThatComesAndGoes(t *testing.T) {
	client := newClient(t, dialSocket(startAgent(t)))
	dir := filepath.Join(t.TempDir(), "etc", "app")
	file := filepath.Join(dir, "file")
	changes := watchFiles(t, client, file)
	for range 5 {
		must(t, os.MkdirAll(dir, 0o700))
		awaitChange(t, changes)
		time.Sleep(quiet)
		must(t, os.WriteFile(file, nil, 0o600))
		awaitChange(t, changes)
		must(t, os.RemoveAll(filepath.Dir(dir)))
		awaitChange(t, changes)
		time.Sleep(quiet)
		for len(changes) > 0 {
			<-changes
		}
	}
}

func TestManyChangesAreFewAnnouncements(t *testing.T) {
	client := newClient(t, dialSocket(startAgent(t)))
	file := filepath.Join(t.TempDir(), "file")
	var mu sync.Mutex
	announced := 0
	ctx, cancel := context.WithCancel(t.Context())
	done := make(chan error, 1)
	go func() {
		done <- client.WatchFiles(ctx, []string{file}, func() { mu.Lock(); announced++; mu.Unlock() })
	}()
	count := func() int { mu.Lock(); defer mu.Unlock(); return announced }
	eventually(t, "the watch", func() bool { return count() == 1 })
	began := time.Now()
	for range 2000 {
		must(t, os.WriteFile(file, []byte("x"), 0o600))
	}
	took := time.Since(began)
	time.Sleep(quiet)
	if n, most := count(), 3+int(took/watchSettle); n < 2 || n > most {
		t.Errorf("2000 changes within %v were announced %d times; want 2 to %d", took, n, most)
	}
	cancel()
	if err := <-done; !errors.Is(err, context.Canceled) {
		t.Errorf("the watch ended with %v", err)
	}
}

func TestAWatchOutlivesTheStreamToTheAgent(t *testing.T) {
	socket := startAgent(t)
	var mu sync.Mutex
	var conns []io.Closer
	client := newClient(t, func(ctx context.Context) (io.ReadWriteCloser, error) {
		conn, err := dialSocket(socket)(ctx)
		mu.Lock()
		defer mu.Unlock()
		conns = append(conns, conn)
		return conn, err
	})
	file := filepath.Join(t.TempDir(), "file")
	changes := watchFiles(t, client, file)
	mu.Lock()
	must(t, conns[0].Close())
	mu.Unlock()
	awaitChange(t, changes) // something may have been missed
	must(t, os.WriteFile(file, nil, 0o600))
	awaitChange(t, changes)
}

func TestWatchesThatEndLeaveNoInotifyInstance(t *testing.T) {
	client := newClient(t, dialSocket(startAgent(t)))
	file := filepath.Join(t.TempDir(), "file")
	for i := range 20 {
		ctx, cancel := context.WithCancel(t.Context())
		err := client.WatchFiles(ctx, []string{file}, cancel)
		if !errors.Is(err, context.Canceled) {
			t.Fatalf("watch %d ended with %v", i, err)
		}
	}
	eventually(t, "every instance to be closed", func() bool { return instances(t) == 0 })
}

// instances counts the inotify instances of this process, the agent's.
func instances(t *testing.T) int {
	t.Helper()
	entries, err := os.ReadDir("/proc/self/fd")
	must(t, err)
	n := 0
	for _, e := range entries {
		if target, err := os.Readlink("/proc/self/fd/" + e.Name()); err == nil && strings.Contains(target, "inotify") {
			n++
		}
	}
	return n
}

func TestWatchesThatAreRefused(t *testing.T) {
	client := newClient(t, dialSocket(startAgent(t)))
	var many []string
	for i := range watchedMax + 1 {
		many = append(many, fmt.Sprintf("/etc/%d", i))
	}
	if err := client.WatchFiles(t.Context(), many, func() {}); err == nil || !strings.Contains(err.Error(), "more than 32") {
		t.Errorf("too many paths: %v", err)
	}
	if _, err := newFileWatch(many); err == nil {
		t.Error("the agent takes too many paths")
	}
	must(t, client.Close())
	if err := client.WatchFiles(t.Context(), many[:1], func() {}); !errors.Is(err, net.ErrClosed) {
		t.Errorf("a closed client says %v", err)
	}
}
