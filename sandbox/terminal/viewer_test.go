package terminal

import (
	"bytes"
	"context"
	"errors"
	"io"
	"log/slog"
	"net"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/greenbox-lab/greenbox/sandbox/agent"
)

const patience = 20 * time.Second

// startAgent runs an agent with a home of its own until the test ends, and then
// checks that no goroutine is left.
func startAgent(t testing.TB) (socket string) {
	t.Helper()
	goroutines := runtime.NumGoroutine()
	home := t.TempDir()
	profile := "PS1='$ '\nbind 'set enable-bracketed-paste off'\nunset HISTFILE\n"
	if err := os.WriteFile(filepath.Join(home, ".bash_profile"), []byte(profile), 0o600); err != nil {
		t.Fatal(err)
	}
	socket = filepath.Join(home, "agent.sock")
	ctx, cancel := context.WithCancel(context.Background())
	done := make(chan error, 1)
	go func() {
		done <- agent.Serve(ctx, agent.Config{Socket: socket, Home: home, Log: slog.New(slog.DiscardHandler)})
	}()
	t.Cleanup(func() {
		cancel()
		if err := <-done; err != nil {
			t.Errorf("the agent ended with %v", err)
		}
		eventually(t, "every goroutine to end", func() bool { return runtime.NumGoroutine() <= goroutines })
	})
	eventually(t, "the agent to listen", func() bool {
		conn, err := net.Dial("unix", socket)
		if err == nil {
			_ = conn.Close() // only wanted to know
		}
		return err == nil
	})
	return socket
}

func eventually(t testing.TB, what string, ok func() bool) {
	t.Helper()
	for end := time.Now().Add(patience); !ok(); time.Sleep(2 * time.Millisecond) {
		if time.Now().After(end) {
			stacks := make([]byte, 1<<20)
			t.Fatalf("waited too long for %s\n%s", what, stacks[:runtime.Stack(stacks, true)])
		}
	}
}

func newClient(t testing.TB, socket string) *agent.Client {
	t.Helper()
	client := agent.NewClient(func(ctx context.Context) (io.ReadWriteCloser, error) {
		var dialer net.Dialer
		return dialer.DialContext(ctx, "unix", socket)
	})
	t.Cleanup(func() { _ = client.Close() }) // some tests have closed it
	return client
}

func newTerminal(t testing.TB) *Terminal {
	t.Helper()
	return New(newClient(t, startAgent(t)), "main", func() {})
}

// viewer is a browser in memory.
type viewer struct {
	t      testing.TB
	input  chan Input
	left   chan struct{}
	leave  func()
	result chan error
	at     *Place // of a viewer that counts

	mu      sync.Mutex
	gate    chan struct{} // output waits for it, unless nil
	blind   bool          // output is not kept
	refusal error         // what output fails with
	broken  error         // what input fails with once the viewer left
	output  [][]byte
	notices []Notice
	closed  []error
}

func newViewer(t testing.TB) *viewer {
	v := &viewer{t: t, input: make(chan Input), left: make(chan struct{}), result: make(chan error, 1), broken: io.EOF}
	v.leave = sync.OnceFunc(func() { close(v.left) })
	return v
}

// sit attaches a new viewer until the test ends.
func sit(t testing.TB, terminal *Terminal) *viewer {
	v := newViewer(t)
	v.attach(context.Background(), terminal)
	return v
}

func (v *viewer) attach(ctx context.Context, terminal *Terminal) {
	finished := make(chan struct{})
	go func() {
		defer close(finished)
		v.result <- terminal.Attach(ctx, v, Size{Cols: 80, Rows: 24}, v.at)
	}()
	v.t.Cleanup(func() {
		v.leave()
		<-finished
	})
}

func (v *viewer) Receive() (Input, error) {
	select {
	case input := <-v.input:
		return input, nil
	case <-v.left:
		v.mu.Lock()
		defer v.mu.Unlock()
		return Input{}, v.broken
	}
}

func (v *viewer) Output(data []byte) error {
	v.mu.Lock()
	gate, refusal := v.gate, v.refusal
	if v.blind {
		v.mu.Unlock()
		return nil
	}
	v.output = append(v.output, bytes.Clone(data))
	v.mu.Unlock()
	if gate != nil {
		<-gate
	}
	return refusal
}

func (v *viewer) Notify(n Notice) error {
	v.mu.Lock()
	defer v.mu.Unlock()
	v.notices = append(v.notices, n)
	return nil
}

func (v *viewer) Close(reason error) {
	v.mu.Lock()
	defer v.mu.Unlock()
	v.closed = append(v.closed, reason)
	v.leave()
}

func (v *viewer) types(keys string) { v.input <- Input{Keys: []byte(keys)} }
func (v *viewer) leaves()           { v.leave() }

func (v *viewer) breaks(err error) {
	v.mu.Lock()
	v.broken = err
	v.mu.Unlock()
	v.leave()
}

func (v *viewer) refuses(err error) {
	v.mu.Lock()
	defer v.mu.Unlock()
	v.refusal = err
}

func (v *viewer) forget() {
	v.mu.Lock()
	defer v.mu.Unlock()
	v.blind = true
}

func (v *viewer) stall() {
	v.mu.Lock()
	defer v.mu.Unlock()
	v.gate = make(chan struct{})
}

func (v *viewer) goOn() {
	v.mu.Lock()
	defer v.mu.Unlock()
	close(v.gate)
}

func (v *viewer) messages() [][]byte {
	v.mu.Lock()
	defer v.mu.Unlock()
	return slices.Clone(v.output)
}

func (v *viewer) shown() string { return string(bytes.Join(v.messages(), nil)) }

func (v *viewer) sees(want string) {
	v.t.Helper()
	eventually(v.t, want, func() bool {
		messages := v.messages()
		tail := messages[max(0, len(messages)-8):]
		return bytes.Contains(bytes.Join(tail, nil), []byte(want))
	})
}

func (v *viewer) hears(want Notice) {
	v.t.Helper()
	eventually(v.t, string(want.Kind), func() bool {
		v.mu.Lock()
		defer v.mu.Unlock()
		return slices.Contains(v.notices, want)
	})
}

// ended checks that Attach returned want, having closed the viewer once with it.
func (v *viewer) ended(t *testing.T, want error) {
	t.Helper()
	select {
	case err := <-v.result:
		if !errors.Is(err, want) || want == nil && err != nil {
			t.Errorf("Attach returned %v, want %v", err, want)
		}
	case <-time.After(patience):
		t.Fatal("Attach did not return")
	}
	v.mu.Lock()
	defer v.mu.Unlock()
	if len(v.closed) != 1 || !errors.Is(v.closed[0], want) {
		t.Errorf("closed with %v", v.closed)
	}
}
