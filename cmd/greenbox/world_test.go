package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/greenbox-lab/greenbox/sandbox/engine"
)

// world is a real server, in a process of its own, on the real engine.
type world struct {
	t      *testing.T
	binary string
	data   string
	addr   string
	flags  []string // of serve, beside those of every server
	engine *engine.Engine

	server *exec.Cmd
	log    *lockedBuffer
}

// newWorld builds the binary and starts a server on a free port with an empty
// data folder and further flags; without --pool among them it has no spares. When
// the test ends, all that it made is removed.
func newWorld(t *testing.T, flags ...string) *world {
	t.Helper()
	if testing.Short() {
		t.Skip("needs an engine and the node image")
	}
	w := &world{t: t, binary: buildBinary(t), data: t.TempDir(), addr: freeAddr(t), flags: flags, log: &lockedBuffer{}}
	e, err := engine.Open(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	w.engine = e
	t.Cleanup(w.remove)
	w.start()
	return w
}

func buildBinary(t *testing.T) string {
	t.Helper()
	binary := filepath.Join(t.TempDir(), "greenbox")
	build := exec.CommandContext(t.Context(), "go", "build", "-trimpath", "-ldflags", "-s -w", "-o", binary, ".")
	build.Env = append(os.Environ(), "CGO_ENABLED=0")
	if out, err := build.CombinedOutput(); err != nil {
		t.Fatalf("build: %v\n%s", err, out)
	}
	return binary
}

func freeAddr(t *testing.T) string {
	t.Helper()
	ln, err := (&net.ListenConfig{}).Listen(t.Context(), "tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer ln.Close()
	return ln.Addr().String()
}

// start runs the server and waits until it answers.
func (w *world) start() {
	w.t.Helper()
	w.server = exec.Command(w.binary, append([]string{"serve", "--addr", w.addr, "--data", w.data, "--pool", "0"}, w.flags...)...) // outlives subtests' contexts
	w.server.Stdout, w.server.Stderr = w.log, w.log
	w.server.SysProcAttr = &syscall.SysProcAttr{Pdeathsig: syscall.SIGKILL}
	if err := w.server.Start(); err != nil {
		w.t.Fatal(err)
	}
	w.eventually(20*time.Second, "the server answers", func() error {
		status, _, err := w.try(http.MethodGet, "/readyz", "")
		if err == nil && status != http.StatusOK {
			err = fmt.Errorf("status %d", status)
		}
		return err
	})
}

// stop ends the server with a signal and waits for it.
func (w *world) stop(signal syscall.Signal) {
	w.t.Helper()
	if err := w.server.Process.Signal(signal); err != nil {
		w.t.Fatal(err)
	}
	done := make(chan error, 1)
	go func() { done <- w.server.Wait() }()
	select {
	case err := <-done:
		if signal == syscall.SIGTERM && err != nil {
			w.t.Fatalf("the server ended with %v\n%s", err, w.log.tail())
		}
	case <-time.After(2 * time.Minute):
		w.t.Fatalf("the server did not end on %s", signal)
	}
}

func (w *world) remove() {
	_ = w.server.Process.Kill() // it may have ended
	_ = w.server.Wait()
	out, err := exec.CommandContext(context.Background(), w.binary, "down", "--yes", "--data", w.data).CombinedOutput()
	if err != nil {
		w.t.Errorf("greenbox down: %v\n%s", err, out)
	}
	if w.t.Failed() {
		w.t.Logf("the server said:\n%s", w.log.tail())
	}
	w.engine.Close()
}

// try makes a request as the solo learner does.
func (w *world) try(method, path, body string) (int, []byte, error) {
	ctx, cancel := context.WithTimeout(context.Background(), 100*time.Second)
	defer cancel()
	req, err := http.NewRequestWithContext(ctx, method, "http://"+w.addr+path, strings.NewReader(body))
	if err != nil {
		return 0, nil, err
	}
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		return 0, nil, err
	}
	defer resp.Body.Close()
	raw, err := io.ReadAll(resp.Body)
	return resp.StatusCode, raw, err
}

// api makes a request that must be answered with want, and decodes the answer.
func api[T any](t *testing.T, w *world, want int, method, path, body string) (got T) {
	t.Helper()
	status, raw, err := w.try(method, path, body)
	if err != nil || status != want {
		t.Fatalf("%s %s: %d, %v, want %d\n%s", method, path, status, err, want, raw)
	}
	if len(raw) > 0 {
		if err := json.Unmarshal(raw, &got); err != nil {
			t.Fatalf("%s %s: %v\n%s", method, path, err, raw)
		}
	}
	return got
}

// session is what the tests look at of a session.
type session struct {
	ID    string
	State string
	Stage *string
	Error *string
	Steps []struct {
		ID      string
		Verdict *string
	}
}

func (s session) verdict(step string) string {
	for _, x := range s.Steps {
		if x.ID == step && x.Verdict != nil {
			return *x.Verdict
		}
	}
	return ""
}

// attempt is what the tests look at of an attempt.
type attempt struct {
	Verdict string
	Points  int
	Lost    *string
	Checks  []struct{ ID, Verdict, Message string }
}

func (w *world) attempt(t *testing.T, session, step, answer string) attempt {
	t.Helper()
	body := "{}"
	if answer != "" {
		body = `{"answer":` + strconv.Quote(answer) + `}`
	}
	return api[attempt](t, w, http.StatusCreated, http.MethodPost, "/api/v1/sessions/"+session+"/steps/"+step+"/attempts", body)
}

func container(session, node string) string {
	suffix := map[string]string{"controlplane": "control-plane", "node01": "worker"}[node]
	return "greenbox-" + session + "-" + suffix
}

// on runs a script on a node as the learner would, in a login shell.
func (w *world) on(t *testing.T, session, node, script string) (string, error) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), 3*time.Minute)
	defer cancel()
	argv := []string{"env", "-u", "KUBECONFIG", "HOME=/root", "timeout", "170", "bash", "-l", "-c", "cd; " + script}
	exit, out, err := w.engine.Exec(ctx, container(session, node), argv, nil)
	if err == nil && exit != 0 {
		err = fmt.Errorf("exit code %d", exit)
	}
	return strings.TrimSpace(string(out)), err
}

// must is on for a script that must succeed.
func (w *world) must(t *testing.T, session, node, script string) string {
	t.Helper()
	out, err := w.on(t, session, node, script)
	if err != nil {
		t.Fatalf("on %s: %v\n%s\n%s", node, err, script, out)
	}
	return out
}

// eventually waits until ask returns nil.
func (w *world) eventually(limit time.Duration, what string, ask func() error) {
	w.t.Helper()
	deadline := time.Now().Add(limit)
	for {
		err := ask()
		if err == nil {
			return
		}
		if time.Now().After(deadline) {
			w.t.Fatalf("%s: not within %s: %v\n%s", what, limit, err, w.log.tail())
		}
		time.Sleep(200 * time.Millisecond)
	}
}

// ready waits until a session can be used.
func (w *world) ready(id string) {
	w.t.Helper()
	w.eventually(5*time.Minute, "the session is ready", func() error {
		s := api[session](w.t, w, http.StatusOK, http.MethodGet, "/api/v1/sessions/"+id, "")
		switch s.State {
		case "ready":
			return nil
		case "failed":
			w.t.Fatalf("the session failed: %s", *s.Error)
		}
		return errors.New(s.State)
	})
}

// lockedBuffer is a bytes.Buffer that a process writes while a test reads.
type lockedBuffer struct {
	mu  sync.Mutex
	buf bytes.Buffer
}

func (b *lockedBuffer) Write(p []byte) (int, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.buf.Write(p)
}

func (b *lockedBuffer) has(text string) bool {
	b.mu.Lock()
	defer b.mu.Unlock()
	return bytes.Contains(b.buf.Bytes(), []byte(text))
}

// tail is the end of what was written, but for the requests of those who wait.
func (b *lockedBuffer) tail() string {
	b.mu.Lock()
	defer b.mu.Unlock()
	const most = 8 << 10
	var kept []string
	for line := range strings.Lines(b.buf.String()) {
		if !strings.Contains(line, " method=GET ") {
			kept = append(kept, line)
		}
	}
	all := strings.Join(kept, "")
	return all[max(0, len(all)-most):]
}
