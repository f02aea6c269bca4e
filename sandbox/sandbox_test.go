package sandbox_test

import (
	"context"
	"errors"
	"io"
	"io/fs"
	"log/slog"
	"net"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/greenbox-lab/greenbox/labs"
	"github.com/greenbox-lab/greenbox/sandbox"
	"github.com/greenbox-lab/greenbox/sandbox/agent"
	"github.com/greenbox-lab/greenbox/sandbox/cluster"
	"github.com/greenbox-lab/greenbox/sandbox/cluster/clustertest"
)

func TestSandboxReachesItsNodes(t *testing.T) {
	w := newWorld(t)
	w.machine.OnCall(func(context.Context, clustertest.Call) error { return nil })
	w.run()
	defer w.stop()
	box := w.sandbox(w.start(ann, labs.Lab{ID: "plain"}).ID)

	w.machine.OnRun(func(c clustertest.Call) cluster.Result {
		return cluster.Result{ExitCode: 3, Output: []byte(c.Node + " ran " + c.Stdin)}
	})
	if code, output, err := box.Run(t.Context(), labs.Worker, "false"); code != 3 || output != "node01 ran false" {
		t.Errorf("without an agent, ran to %d, %q, %v", code, output, err)
	}
	socket := serveAgent(t)
	w.machine.OnDial(func(ctx context.Context, _ clustertest.Call) (io.ReadWriteCloser, error) {
		return new(net.Dialer).DialContext(ctx, "unix", socket)
	})
	if code, output, err := box.Run(t.Context(), labs.Worker, "echo by the agent; exit 4"); code != 4 || output != "by the agent\n" {
		t.Errorf("with one, ran to %d, %q, %v", code, output, err)
	}
	file := filepath.Join(t.TempDir(), "greenbox.yaml")
	must(t, os.WriteFile(file, []byte("kind: Pod\n"), 0o600))
	if data, err := box.ReadFile(t.Context(), labs.Worker, file); string(data) != "kind: Pod\n" {
		t.Errorf("read %q, %v", data, err)
	}
	if _, err := box.ReadFile(t.Context(), labs.Worker, file+".gone"); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("a missing file: %v", err)
	}
	large := filepath.Join(t.TempDir(), "large")
	must(t, os.WriteFile(large, make([]byte, 1<<20+1), 0o600))
	for _, path := range []string{filepath.Dir(file), large, socket} {
		if _, err := box.ReadFile(t.Context(), labs.Worker, path); !errors.Is(err, fs.ErrInvalid) {
			t.Errorf("%s, which is no file to read: %v", path, err)
		}
	}
	if _, err := box.ReadFile(t.Context(), labs.Worker, filepath.Join(file, "below")); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("a path below a file: %v", err)
	}
	if config, err := box.Config(t.Context()); err != nil || config.Host != box.Session().Cluster {
		t.Errorf("client configuration %+v, %v", config, err)
	}
	first, err := box.Terminal(labs.Worker)
	must(t, err)
	if again, err := box.Terminal(labs.Worker); err != nil || again != first {
		t.Errorf("the terminal is %p, then %p, %v", first, again, err)
	}
}

func TestSandboxHasNoOtherNodes(t *testing.T) {
	w := newWorld(t)
	w.machine.OnCall(func(context.Context, clustertest.Call) error { return nil })
	w.run()
	defer w.stop()
	box := w.sandbox(w.start(ann, lab).ID)
	_, terminal := box.Terminal("node02")
	_, read := box.ReadFile(t.Context(), "node02", "/etc/hosts")
	_, _, run := box.Run(t.Context(), "node02", "true")
	for _, err := range []error{terminal, read, run} {
		if !errors.Is(err, labs.ErrNotFound) {
			t.Errorf("got %v", err)
		}
	}
}

// sandbox waits, in real time, until the session is ready.
func (w *world) sandbox(id string) *sandbox.Sandbox {
	w.t.Helper()
	for deadline := time.Now().Add(10 * time.Second); ; time.Sleep(5 * time.Millisecond) {
		box, err := w.fleet.Sandbox(w.t.Context(), id)
		if err == nil {
			return box
		}
		if !errors.Is(err, labs.ErrNotReady) || time.Now().After(deadline) {
			w.t.Fatal(err)
		}
	}
}

// serveAgent runs a node's agent here and returns its socket.
func serveAgent(t *testing.T) string {
	ctx, cancel := context.WithCancel(context.Background())
	cfg := agent.Config{
		Socket: filepath.Join(t.TempDir(), "agent.sock"),
		Home:   t.TempDir(),
		Log:    slog.New(slog.DiscardHandler),
	}
	done := make(chan error, 1)
	go func() { done <- agent.Serve(ctx, cfg) }()
	t.Cleanup(func() {
		cancel()
		must(t, <-done)
	})
	for _, err := os.Stat(cfg.Socket); err != nil; _, err = os.Stat(cfg.Socket) {
		time.Sleep(5 * time.Millisecond)
	}
	return cfg.Socket
}
