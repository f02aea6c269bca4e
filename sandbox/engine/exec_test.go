package engine

import (
	"archive/tar"
	"bytes"
	"context"
	"crypto/rand"
	"errors"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/moby/moby/api/types/container"
	"github.com/moby/moby/client"
)

func openEngine(t *testing.T) *Engine {
	t.Helper()
	if testing.Short() {
		t.Skip("needs a Docker Engine")
	}
	e, err := Open(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = e.Close() })
	return e
}

// guest runs a container that holds /guest, built from testdata, and waits.
func guest(t *testing.T, e *Engine) string {
	t.Helper()
	image := "greenbox-test:" + strings.ToLower(rand.Text())
	importGuest(t, e, image)
	made, err := e.client.ContainerCreate(t.Context(), client.ContainerCreateOptions{
		Config:     &container.Config{Image: image, Cmd: []string{"/guest", "wait"}},
		HostConfig: &container.HostConfig{NetworkMode: "none"},
	})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		ctx := context.WithoutCancel(t.Context())
		_, err := e.client.ContainerRemove(ctx, made.ID, client.ContainerRemoveOptions{Force: true})
		_, err2 := e.client.ImageRemove(ctx, image, client.ImageRemoveOptions{Force: true})
		if err := errors.Join(err, err2); err != nil {
			t.Error(err)
		}
	})
	if _, err := e.client.ContainerStart(t.Context(), made.ID, client.ContainerStartOptions{}); err != nil {
		t.Fatal(err)
	}
	return made.ID
}

func importGuest(t *testing.T, e *Engine, image string) {
	t.Helper()
	path := filepath.Join(t.TempDir(), "guest")
	build := exec.CommandContext(t.Context(), "go", "build", "-o", path, "./testdata/guest")
	build.Env = append(os.Environ(), "CGO_ENABLED=0")
	if out, err := build.CombinedOutput(); err != nil {
		t.Fatalf("build guest: %v\n%s", err, out)
	}
	binary, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	var layer bytes.Buffer
	tw := tar.NewWriter(&layer)
	err = tw.WriteHeader(&tar.Header{Name: "guest", Mode: 0o755, Size: int64(len(binary))})
	_, err2 := tw.Write(binary)
	if err := errors.Join(err, err2, tw.Close()); err != nil {
		t.Fatal(err)
	}
	res, err := e.client.ImageImport(t.Context(), client.ImageImportSource{Source: &layer, SourceName: "-"}, image, client.ImageImportOptions{})
	if err != nil {
		t.Fatal(err)
	}
	defer res.Close()
	if _, err := io.Copy(io.Discard, res); err != nil {
		t.Fatal(err)
	}
}

func TestIntegrationExec(t *testing.T) {
	e := openEngine(t)
	id := guest(t, e)
	for _, row := range []struct {
		name  string
		argv  []string
		stdin io.Reader
		exit  int
		out   string
	}{
		{"a program that ends well gives its output", []string{"/guest", "say", "out", "", "0"}, nil, 0, "out"},
		{"stderr is kept with stdout", []string{"/guest", "say", "", "err", "0"}, nil, 0, "err"},
		{"an exit code is no error", []string{"/guest", "say", "no", "", "7"}, nil, 7, "no"},
		{"stdin reaches the program, and its end too", []string{"/guest", "cat"}, strings.NewReader("hello\n"), 0, "hello\n"},
		{"output beyond the limit is dropped, and the program still ends", []string{"/guest", "flood", "1000000"}, nil, 0, strings.Repeat("x", MaxOutput)},
		{"a program that ends before its stdin does not hang", []string{"/guest", "say", "bye", "", "0"}, bytes.NewReader(make([]byte, 10<<20)), 0, "bye"},
	} {
		t.Run(row.name, func(t *testing.T) {
			exit, out, err := e.Exec(t.Context(), id, row.argv, row.stdin)
			if err != nil {
				t.Fatal(err)
			}
			if exit != row.exit || string(out) != row.out {
				t.Errorf("exit %d, %d bytes %.40q; want %d, %d bytes %.40q", exit, len(out), out, row.exit, len(row.out), row.out)
			}
		})
	}
}

func TestIntegrationExecSaysWhyAProgramDidNotStart(t *testing.T) {
	e := openEngine(t)
	exit, out, err := e.Exec(t.Context(), guest(t, e), []string{"/missing"}, nil)
	if err == nil && (exit < 126 || !strings.Contains(string(out), "missing")) {
		t.Errorf("exit %d, out %q", exit, out)
	}
}

func TestIntegrationExecReturnsWhenItsContextEnds(t *testing.T) {
	e := openEngine(t)
	id := guest(t, e)
	ctx, cancel := context.WithTimeout(t.Context(), 500*time.Millisecond)
	defer cancel()
	began := time.Now()
	_, _, err := e.Exec(ctx, id, []string{"/guest", "wait"}, nil)
	if !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("error %v", err)
	}
	if took := time.Since(began); took > 5*time.Second {
		t.Errorf("returned after %v", took)
	}
}

func TestIntegrationDial(t *testing.T) {
	e := openEngine(t)
	id := guest(t, e)
	t.Run("bytes go there and come back", func(t *testing.T) {
		s := dial(t, e, id, "/guest", "cat")
		want := bytes.Repeat([]byte("0123456789abcdef"), 1<<14)
		go func() { _, _ = s.Write(want) }()
		got := make([]byte, len(want))
		if _, err := io.ReadFull(s, got); err != nil {
			t.Fatal(err)
		}
		if !bytes.Equal(got, want) {
			t.Error("other bytes came back")
		}
	})
	t.Run("the end of the program is the end of the stream", func(t *testing.T) {
		got, err := io.ReadAll(dial(t, e, id, "/guest", "say", "out", "", "0"))
		if err != nil || string(got) != "out" {
			t.Errorf("%q, %v", got, err)
		}
	})
	t.Run("what the program says on stderr is the error", func(t *testing.T) {
		got, err := io.ReadAll(dial(t, e, id, "/guest", "say", "out", "no socket", "1"))
		if err == nil || !strings.Contains(err.Error(), "no socket") || string(got) != "out" {
			t.Errorf("%q, %v", got, err)
		}
	})
	t.Run("closing ends a waiting read and the program", func(t *testing.T) {
		s := dial(t, e, id, "/guest", "cat")
		read := make(chan error)
		go func() {
			_, err := s.Read(make([]byte, 1))
			read <- err
		}()
		if err := s.Close(); err != nil {
			t.Fatal(err)
		}
		if err := <-read; err == nil {
			t.Error("read after close gave no error")
		}
		awaitOneProcess(t, e, id)
	})
}

func dial(t *testing.T, e *Engine, id string, argv ...string) io.ReadWriteCloser {
	t.Helper()
	s, err := e.Dial(t.Context(), id, argv)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = s.Close() })
	return s
}

// awaitOneProcess waits until nothing but the container's first process is left.
func awaitOneProcess(t *testing.T, e *Engine, id string) {
	t.Helper()
	for deadline := time.Now().Add(5 * time.Second); ; time.Sleep(50 * time.Millisecond) {
		top, err := e.client.ContainerTop(t.Context(), id, client.ContainerTopOptions{})
		if err != nil {
			t.Fatal(err)
		}
		if len(top.Processes) == 1 {
			return
		}
		if time.Now().After(deadline) {
			t.Fatalf("still running: %v", top.Processes)
		}
	}
}
