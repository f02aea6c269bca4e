package engine

import (
	"context"
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"golang.org/x/sys/unix"
)

// withDockerd is a host in a directory whose processes are real and whose
// dockerd is a script that says so and stays until it is ended.
func withDockerd(t *testing.T) *host {
	t.Helper()
	h := &host{root: t.TempDir(), run: run, report: func(string) {}}
	bin := t.TempDir()
	script := "#!/bin/sh\necho here I am\ntrap 'exit 0' TERM\nwhile :; do sleep 0.1; done\n"
	if err := os.WriteFile(filepath.Join(bin, "dockerd"), []byte(script), 0o700); err != nil {
		t.Fatal(err)
	}
	t.Setenv("PATH", bin+":"+os.Getenv("PATH"))
	if err := os.Symlink("/proc", h.path("/proc")); err != nil {
		t.Fatal(err)
	}
	for _, dir := range []string{"/var/log", "/run/docker/containerd"} {
		if err := os.MkdirAll(h.path(dir), 0o700); err != nil {
			t.Fatal(err)
		}
	}
	return h
}

func TestLaunchAndStop(t *testing.T) {
	h := withDockerd(t)
	if err := h.launch(t.Context()); err != nil {
		t.Fatal(err)
	}
	text := eventually(t, h, pidFile, "\n")
	pid, err := strconv.Atoi(strings.TrimSpace(text))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = syscall.Kill(pid, syscall.SIGKILL) })
	eventually(t, h, logFile, "here I am")
	if sid, err := unix.Getsid(pid); err != nil || sid == must(unix.Getsid(0)) {
		t.Errorf("session %d, error %v: it would end with ours", sid, err)
	}
	if err := h.write("/run/docker.pid", text); err != nil { // as dockerd itself would
		t.Fatal(err)
	}
	if err := h.stop(t.Context()); err != nil {
		t.Fatal(err)
	}
	if h.runs(text, "dockerd") {
		t.Error("it still runs")
	}
	if err := h.stop(t.Context()); err != nil {
		t.Errorf("stopping it again: %v", err)
	}
}

func must(n int, err error) int {
	if err != nil {
		panic(err)
	}
	return n
}

// eventually waits until a file holds a text, and returns the file.
func eventually(t *testing.T, h *host, file, want string) string {
	t.Helper()
	for deadline := time.Now().Add(10 * time.Second); ; time.Sleep(10 * time.Millisecond) {
		text, err := h.read(file)
		if err == nil && strings.Contains(text, want) {
			return text
		}
		if time.Now().After(deadline) {
			t.Fatalf("%s: %q, %v", file, text, err)
		}
	}
}

func TestADeadProcessThatNobodyWaitedForDoesNotRun(t *testing.T) {
	h := withDockerd(t)
	cmd := exec.CommandContext(t.Context(), "dockerd")
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	pid := strconv.Itoa(cmd.Process.Pid)
	t.Cleanup(func() { _ = cmd.Wait() }) // killed, as it should be
	eventually(t, h, "/proc/"+pid+"/comm", "dockerd")
	if !h.runs(pid, "dockerd") {
		t.Error("it does not run before it is killed")
	}
	if err := cmd.Process.Kill(); err != nil {
		t.Fatal(err)
	}
	eventually(t, h, "/proc/"+pid+"/status", "zombie")
	if h.runs(pid, "dockerd") {
		t.Error("it runs although it is dead")
	}
}

func TestStalePidFilesAreRemoved(t *testing.T) {
	h := withDockerd(t)
	const file, live = "/run/docker.pid", "/run/docker/containerd/containerd.pid"
	if err := h.write(file, strconv.Itoa(os.Getpid())); err != nil { // the pid has another program now
		t.Fatal(err)
	}
	h.dropStalePids()
	if h.exists(file) {
		t.Error("the pid file of another program is still there")
	}
	if h.exists(live) {
		t.Error("a pid file came from nowhere")
	}
}

func TestAwaitSaysWhatTheLogEndsWith(t *testing.T) {
	h := withDockerd(t)
	h.open = func(context.Context) (*Engine, error) { return nil, errors.New("refused") }
	if err := h.write(logFile, "one\ntwo\nno space left\n"); err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithTimeout(t.Context(), 50*time.Millisecond)
	defer cancel()
	err := h.await(ctx)
	if err == nil || !strings.Contains(err.Error(), "refused") || !strings.Contains(err.Error(), "no space left") {
		t.Errorf("error %v", err)
	}
}
