package agent

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

func TestRun(t *testing.T) {
	client := newClient(t, dialSocket(startAgent(t)))
	for _, row := range []struct {
		name, script string
		exit         int
		output       string // its end
	}{
		{"output and errors come together", "echo out; echo err >&2", 0, "out\nerr\n"},
		{"an exit code is no error", "echo no; exit 3", 3, "no\n"},
		{"a signal is an exit code", "kill -9 $$", 137, ""},
		{"there is nothing to read", "cat; echo done", 0, "done\n"},
		{"the last of a long output is kept", "seq 100000", 0, "\n99999\n100000\n"},
		{"what stays in the background keeps nobody waiting", "sleep 30 & echo left", 0, "left\n"},
		{"it begins in the home", `[ "$PWD" = "$HOME" ] && echo home`, 0, "home\n"},
	} {
		t.Run(row.name, func(t *testing.T) {
			exit, output, err := client.Run(t.Context(), row.script)
			if err != nil || exit != row.exit || !strings.HasSuffix(string(output), row.output) || len(output) > outputMax {
				t.Errorf("exit %d, %q, %v", exit, output[max(0, len(output)-40):], err)
			}
		})
	}
}

func TestRunOfATooLongScriptIsRefused(t *testing.T) {
	client := newClient(t, dialSocket(startAgent(t)))
	if _, _, err := client.Run(t.Context(), strings.Repeat(" ", scriptMax+1)); err == nil || !strings.Contains(err.Error(), "longer") {
		t.Errorf("got %v", err)
	}
}

func TestRunIsKilledWithItsCaller(t *testing.T) {
	client := newClient(t, dialSocket(startAgent(t)))
	file := filepath.Join(t.TempDir(), "alive")
	ctx, cancel := context.WithTimeout(t.Context(), 300*time.Millisecond)
	defer cancel()
	_, _, err := client.Run(ctx, "(while sleep 0.05; do echo . >>"+file+"; done); true")
	if err == nil || errors.Is(err, ErrUnreached) {
		t.Errorf("got %v", err)
	}
	var before, after int64 = -1, 0
	for deadline := time.Now().Add(10 * time.Second); before != after && time.Now().Before(deadline); {
		before = size(t, file)
		time.Sleep(300 * time.Millisecond)
		after = size(t, file)
	}
	if before != after {
		t.Error("it goes on without its caller")
	}
}

func size(t *testing.T, file string) int64 {
	t.Helper()
	info, err := os.Stat(file)
	if err != nil {
		t.Fatal(err)
	}
	return info.Size()
}

func TestRunOnAnAgentThatIsNotThere(t *testing.T) {
	client := newClient(t, dialSocket(filepath.Join(t.TempDir(), "none")))
	if _, _, err := client.Run(t.Context(), "true"); !errors.Is(err, ErrUnreached) {
		t.Errorf("got %v", err)
	}
}
