package agent

import (
	"bytes"
	"context"
	"io"
	"log/slog"
	"net"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
	"time"

	"github.com/greenbox-lab/greenbox/sandbox/agent/mirror"
)

const patience = 20 * time.Second

// startAgent serves shells with a home of their own and returns the socket. It
// checks at the end that nothing is left of the agent: goroutine or descriptor.
func startAgent(t testing.TB) (socket string) {
	t.Helper()
	return startAgentWith(t, mirror.Config{})
}

func startAgentWith(t testing.TB, registry mirror.Config) (socket string) {
	t.Helper()
	goroutines, descriptors := runtime.NumGoroutine(), countDescriptors(t)
	home := t.TempDir()
	profile := "PS1='$ '\nbind 'set enable-bracketed-paste off'\nunset HISTFILE\n"
	if err := os.WriteFile(filepath.Join(home, ".bash_profile"), []byte(profile), 0o600); err != nil {
		t.Fatal(err)
	}
	socket = filepath.Join(home, "agent", "agent.sock")
	ctx, cancel := context.WithCancel(context.Background())
	done := make(chan error, 1)
	go func() {
		done <- Serve(ctx, Config{Socket: socket, Home: home, Registry: registry, Log: slog.New(slog.DiscardHandler)})
	}()
	t.Cleanup(func() {
		cancel()
		if err := <-done; err != nil {
			t.Errorf("the agent ended with %v", err)
		}
		eventually(t, "every goroutine to end", func() bool { return runtime.NumGoroutine() <= goroutines })
		eventually(t, "every descriptor to be closed", func() bool { return countDescriptors(t) <= descriptors })
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

func countDescriptors(t testing.TB) int {
	t.Helper()
	entries, err := os.ReadDir("/proc/self/fd")
	if err != nil {
		t.Fatal(err)
	}
	return len(entries)
}

func eventually(t testing.TB, what string, ok func() bool) {
	t.Helper()
	for end := time.Now().Add(patience); !ok(); time.Sleep(5 * time.Millisecond) {
		if time.Now().After(end) {
			stacks := make([]byte, 1<<20)
			t.Fatalf("waited too long for %s\n%s", what, stacks[:runtime.Stack(stacks, true)])
		}
	}
}

// dialSocket dials the agent without a program in between.
func dialSocket(socket string) Dialer {
	return func(ctx context.Context) (io.ReadWriteCloser, error) {
		var dialer net.Dialer
		return dialer.DialContext(ctx, "unix", socket)
	}
}

func newClient(t testing.TB, dial Dialer) *Client {
	t.Helper()
	client := NewClient(dial)
	t.Cleanup(func() { _ = client.Close() }) // some tests have closed it
	return client
}

func attach(t testing.TB, client *Client) *Attachment {
	t.Helper()
	return attachSized(t, client, Size{Cols: 80, Rows: 24})
}

func attachSized(t testing.TB, client *Client, size Size) *Attachment {
	t.Helper()
	a, err := client.Attach(context.Background(), "main", size, nil)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = a.Close() }) // some tests have closed it
	return a
}

func typeIn(t testing.TB, a *Attachment, keys string) {
	t.Helper()
	if _, err := a.Write([]byte(keys)); err != nil {
		t.Fatal(err)
	}
}

// until reads on until the output seen so far satisfies ok, and returns it.
func until(t testing.TB, a *Attachment, what string, ok func(output string, last Event) bool) string {
	t.Helper()
	watchdog := time.AfterFunc(patience, func() { _ = a.Close() })
	defer watchdog.Stop()
	var output bytes.Buffer
	for {
		event, err := a.Next()
		if err != nil {
			t.Fatalf("waiting for %s: %v, after %.2000q", what, err, output.String())
		}
		output.Write(event.Data)
		if ok(output.String(), event) {
			return output.String()
		}
	}
}

func untilOutput(t testing.TB, a *Attachment, want string) string {
	t.Helper()
	return until(t, a, want, func(output string, _ Event) bool { return strings.Contains(output, want) })
}

func untilReady(t testing.TB, a *Attachment) string {
	t.Helper()
	return until(t, a, "the end of the replay", func(_ string, last Event) bool { return last.Kind == EventReady })
}

func untilExit(t testing.TB, a *Attachment) (output string, code int) {
	t.Helper()
	output = until(t, a, "the exit", func(_ string, last Event) bool {
		code = last.Code
		return last.Kind == EventExit
	})
	return output, code
}
