package agent

import (
	"bytes"
	"context"
	"errors"
	"io"
	"io/fs"
	"net"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"golang.org/x/sys/unix"
)

func TestReadFile(t *testing.T) {
	client := newClient(t, dialSocket(startAgent(t)))
	dir := t.TempDir()
	at := func(name string) string { return filepath.Join(dir, name) }
	must(t, os.WriteFile(at("file"), []byte("content"), 0o600))
	must(t, os.WriteFile(at("empty"), nil, 0o600))
	must(t, os.WriteFile(at("big"), make([]byte, 3<<20), 0o600))
	must(t, os.Symlink("file", at("link")))
	must(t, os.Symlink("nowhere", at("dangling")))
	must(t, unix.Mkfifo(at("fifo"), 0o600))
	for _, row := range []struct {
		name, path string
		limit      int64
		want       string
		size       int
		err        error
	}{
		{name: "a file is read", path: at("file"), limit: 100, want: "content", size: 7},
		{name: "a file of exactly the limit is read", path: at("file"), limit: 7, want: "content", size: 7},
		{name: "an empty file is read", path: at("empty"), limit: 100},
		{name: "a file of several megabytes arrives whole", path: at("big"), limit: 4 << 20, want: "\x00", size: 3 << 20},
		{name: "a symbolic link is followed", path: at("link"), limit: 100, want: "content", size: 7},
		{name: "a link to nothing is missing", path: at("dangling"), limit: 100, err: fs.ErrNotExist},
		{name: "a missing file is missing", path: at("none"), limit: 100, err: fs.ErrNotExist},
		{name: "a file in a missing directory is missing", path: at("none/file"), limit: 100, err: fs.ErrNotExist},
		{name: "a directory is refused", path: dir, limit: 100, err: ErrNotRegular},
		{name: "a FIFO is refused without waiting for its writer", path: at("fifo"), limit: 100, err: ErrNotRegular},
		{name: "a device is refused", path: "/dev/zero", limit: 100, err: ErrNotRegular},
		{name: "a file beyond the limit is refused, not cut", path: at("file"), limit: 6, err: ErrTooLarge},
	} {
		t.Run(row.name, func(t *testing.T) {
			data, err := client.ReadFile(t.Context(), row.path, row.limit)
			if !errors.Is(err, row.err) || len(data) != row.size || !bytes.HasPrefix(data, []byte(row.want)) {
				t.Errorf("%d bytes, %v", len(data), err)
			}
		})
	}
}

func must(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func TestClientDialsAgainAfterABreak(t *testing.T) {
	socket := startAgent(t)
	var conns []io.Closer
	client := newClient(t, func(ctx context.Context) (io.ReadWriteCloser, error) {
		conn, err := dialSocket(socket)(ctx)
		if err == nil {
			conns = append(conns, conn)
		}
		return conn, err
	})
	for range 3 {
		a := attach(t, client)
		must(t, conns[len(conns)-1].Close())
		for err := error(nil); !errors.Is(err, ErrBroken); {
			_, err = a.Next()
		}
		eventually(t, "the client to notice", func() bool {
			_, err := client.ReadFile(t.Context(), "/etc/hostname", 1000)
			return err == nil
		})
	}
	if len(conns) != 4 {
		t.Errorf("dialled %d times", len(conns))
	}
	must(t, client.Close())
	if _, err := client.ReadFile(t.Context(), "/etc/hostname", 1000); !errors.Is(err, net.ErrClosed) {
		t.Errorf("a closed client says %v", err)
	}
}

func TestHandshakeSaysWhoAnsweredInstead(t *testing.T) {
	for _, row := range []struct{ name, answer, want string }{
		{"another version", "greenbox-agent 9\n", `"greenbox-agent 9"`},
		{"an engine's complaint", "OCI runtime exec failed: no such file", "OCI runtime exec failed"},
		{"nothing at all", "", "EOF"},
		{"more than a line should be", strings.Repeat("x", 4096), "xxx"},
	} {
		t.Run(row.name, func(t *testing.T) {
			client := newClient(t, func(context.Context) (io.ReadWriteCloser, error) {
				near, far := net.Pipe()
				go func() {
					_ = readGreeting(far)
					_, _ = io.WriteString(far, row.answer)
					_ = far.Close()
				}()
				return near, nil
			})
			_, err := client.ReadFile(t.Context(), "/etc/hostname", 1000)
			if !errors.Is(err, ErrBroken) || !strings.Contains(err.Error(), row.want) {
				t.Errorf("the client says %v", err)
			}
		})
	}
}

// A frozen node takes bytes and never answers.
func TestFrozenNodeCostsNoMoreThanTheTimeout(t *testing.T) {
	for _, row := range []struct {
		name        string
		greets      bool
		own, caller time.Duration
	}{
		{"before the handshake, without a deadline of the caller's", false, 50 * time.Millisecond, time.Hour},
		{"after the handshake, without a deadline of the caller's", true, 50 * time.Millisecond, time.Hour},
		{"before the handshake, with a deadline of the caller's", false, time.Hour, 50 * time.Millisecond},
		{"after the handshake, with a deadline of the caller's", true, time.Hour, 50 * time.Millisecond},
	} {
		t.Run(row.name, func(t *testing.T) {
			t.Parallel()
			var dialled atomic.Int32
			client := newClient(t, func(context.Context) (io.ReadWriteCloser, error) {
				dialled.Add(1)
				return frozen(row.greets), nil
			})
			client.timeout = row.own
			client.config.KeepAliveInterval, client.config.ConnectionWriteTimeout = 100*time.Millisecond, 100*time.Millisecond
			for range 2 {
				ctx, cancel := context.WithTimeout(t.Context(), row.caller)
				defer cancel()
				if _, err := client.Attach(ctx, "main", Size{}, nil); !errors.Is(err, ErrBroken) {
					t.Errorf("the client says %v", err)
				}
				time.Sleep(time.Second) // the keepalive gives the stream up
			}
			if dialled.Load() != 2 {
				t.Errorf("dialled %d times", dialled.Load())
			}
		})
	}
}

// A node that is frozen on purpose answers later.
func TestNodeFrozenOnPurposeIsWaitedFor(t *testing.T) {
	for _, row := range []struct {
		name   string
		frozen bool
	}{
		{"one that is frozen on purpose keeps its attachments, and gets what was typed", true},
		{"one that falls silent loses them", false},
	} {
		t.Run(row.name, func(t *testing.T) {
			ice := &ice{}
			client := newClient(t, ice.dial(startAgent(t)))
			client.Frozen = func() bool { return row.frozen }
			client.config.KeepAliveInterval, client.config.ConnectionWriteTimeout = 20*time.Millisecond, 200*time.Millisecond
			a := attach(t, client)
			untilReady(t, a)
			ice.freeze()
			typeIn(t, a, "echo tha''wed\n")
			if !row.frozen {
				for err := error(nil); !errors.Is(err, ErrBroken); {
					_, err = a.Next()
				}
				ice.thaw()
				return
			}
			time.Sleep(time.Second) // many a keepalive
			ice.thaw()
			untilOutput(t, a, "thawed")
		})
	}
}

// ice holds back what nodes say while they are frozen.
type ice struct {
	mu     sync.Mutex
	thawed chan struct{} // closed while nothing is frozen; nil: never frozen yet
}

func (i *ice) freeze() {
	i.mu.Lock()
	defer i.mu.Unlock()
	i.thawed = make(chan struct{})
}

func (i *ice) thaw() { close(i.state()) }

func (i *ice) state() chan struct{} {
	i.mu.Lock()
	defer i.mu.Unlock()
	return i.thawed
}

func (i *ice) dial(socket string) Dialer {
	return func(ctx context.Context) (io.ReadWriteCloser, error) {
		conn, err := dialSocket(socket)(ctx)
		return &iced{ReadWriteCloser: conn, ice: i, closed: make(chan struct{})}, err
	}
}

type iced struct {
	io.ReadWriteCloser
	ice    *ice
	once   sync.Once
	closed chan struct{}
}

func (c *iced) Read(p []byte) (int, error) {
	n, err := c.ReadWriteCloser.Read(p)
	if thawed := c.ice.state(); thawed != nil {
		select {
		case <-thawed:
		case <-c.closed:
		}
	}
	return n, err
}

func (c *iced) Close() error {
	c.once.Do(func() { close(c.closed) })
	return c.ReadWriteCloser.Close()
}

func frozen(greets bool) io.ReadWriteCloser {
	near, far := net.Pipe()
	go func() {
		if greets {
			_ = readGreeting(far)
			_ = sendGreeting(far)
		}
		_, _ = io.Copy(io.Discard, far)
	}()
	return near
}

func TestConnectEndsWhenEitherSideEnds(t *testing.T) {
	socket := startAgent(t)
	start := func() (near net.Conn, done chan error) {
		near, far := net.Pipe()
		done = make(chan error, 1)
		go func() { done <- Connect(context.Background(), socket, far, far) }()
		return near, done
	}
	t.Run("it carries the stream and ends with its server", func(t *testing.T) {
		near, done := start()
		client := NewClient(func(context.Context) (io.ReadWriteCloser, error) { return near, nil })
		a := attach(t, client)
		typeIn(t, a, "echo car''ried\n")
		untilOutput(t, a, "carried")
		must(t, client.Close())
		must(t, <-done)
	})
	t.Run("it ends when the agent refuses", func(t *testing.T) {
		near, done := start()
		go func() { _, _ = io.WriteString(near, "hello\n") }()
		answer, err := io.ReadAll(near)
		if err != nil || string(answer) != greeting+"\n" {
			t.Errorf("the agent answers %q, %v", answer, err)
		}
		must(t, <-done)
	})
	t.Run("it fails where no agent listens", func(t *testing.T) {
		if err := Connect(t.Context(), socket+".not", nil, nil); err == nil {
			t.Error("no error")
		}
	})
}

func TestAgentLeavesTheSocketOfALivingOneAlone(t *testing.T) {
	socket := startAgent(t)
	if err := Serve(t.Context(), Config{Socket: socket}); err == nil {
		t.Error("a second agent took the socket")
	}
	info, err := os.Stat(socket)
	must(t, err)
	if info.Mode().Perm() != 0o600 {
		t.Errorf("the socket's mode is %v", info.Mode())
	}
}
