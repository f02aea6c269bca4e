package agent

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"
)

func TestShellIsARootLoginShellWithACleanEnvironment(t *testing.T) {
	t.Setenv("KUBECONFIG", "/etc/kubernetes/admin.conf")
	a := attach(t, newClient(t, dialSocket(startAgent(t))))
	typeIn(t, a, "echo $0 $TERM $LANG ${KUBECONFIG:-none} $USER; tty; [ $PWD = $HOME ] && shopt login_shell; ps -o sid= -p $$ | grep -qw $$ && echo le''ads\n")
	output := untilOutput(t, a, "leads")
	for _, want := range []string{"-bash xterm-256color C.UTF-8 none root", "/dev/pts/", "login_shell    \ton"} {
		if !strings.Contains(output, want) {
			t.Errorf("the shell does not say %q but %q", want, output)
		}
	}
}

func TestExit(t *testing.T) {
	for _, row := range []struct {
		name string
		keys string
		code int
	}{
		{"a shell that exits gives its code", "exit 7\n", 7},
		{"a shell that is killed gives 128 and the signal", "kill -9 $$\n", 137},
		{"a background program that keeps the terminal open does not delay the end", "(trap '' HUP; sleep 60) & exit 3\n", 3},
	} {
		t.Run(row.name, func(t *testing.T) {
			client := newClient(t, dialSocket(startAgent(t)))
			a := attach(t, client)
			typeIn(t, a, "echo last''words; "+row.keys)
			output, code := untilExit(t, a)
			if code != row.code || !strings.Contains(output, "lastwords") {
				t.Errorf("code %d after %q, want %d", code, output, row.code)
			}
			again := attach(t, client)
			if old := untilReady(t, again); strings.Contains(old, "lastwords") {
				t.Errorf("the next shell replays %q of the one before", old)
			}
			typeIn(t, again, "echo new''shell\n")
			untilOutput(t, again, "newshell")
		})
	}
}

func TestPasteOf500LinesArrivesInOrder(t *testing.T) {
	a := attach(t, newClient(t, dialSocket(startAgent(t))))
	typeIn(t, a, "stty -echo; echo rea''dy; cat > pasted; md5sum < pasted; wc -l < pasted; seq -f 'line %g of the paste, which is a little longer' 500 | md5sum; echo do''ne\n")
	untilOutput(t, a, "ready") // what is typed before waits in another mode of the terminal
	var paste strings.Builder
	for i := range 500 {
		fmt.Fprintf(&paste, "line %d of the paste, which is a little longer\n", i+1)
	}
	typeIn(t, a, paste.String()+"\x04")
	output := untilOutput(t, a, "done")
	sums := []string{}
	for _, field := range strings.Fields(output) {
		if len(field) == 32 {
			sums = append(sums, field)
		}
	}
	if len(sums) != 2 || sums[0] != sums[1] {
		t.Errorf("the paste arrived changed: %q", output)
	}
}

func TestWindowFollowsWhoTypedOrResizedLast(t *testing.T) {
	client := newClient(t, dialSocket(startAgent(t)))
	first := attachSized(t, client, Size{Cols: 80, Rows: 24})
	untilReady(t, first)
	second := attachSized(t, client, Size{Cols: 132, Rows: 43})
	untilReady(t, second)

	typeIn(t, first, "stty size\n")
	untilOutput(t, first, "24 80")
	typeIn(t, second, "stty size\n")
	untilOutput(t, second, "43 132")
	if err := first.Resize(Size{Cols: 100, Rows: 30}); err != nil {
		t.Fatal(err)
	}
	typeIn(t, first, "stty size\n")
	untilOutput(t, first, "30 100")
}

func TestScrollbackOutlivesTheClient(t *testing.T) {
	socket := startAgent(t)
	gone := newClient(t, dialSocket(socket))
	a := attach(t, gone)
	typeIn(t, a, "x=kept; echo be''fore\n")
	untilOutput(t, a, "before")
	if err := gone.Close(); err != nil {
		t.Fatal(err)
	}
	if _, err := a.Next(); !errors.Is(err, ErrBroken) {
		t.Errorf("the attachment of a closed client ends with %v", err)
	}

	b := attach(t, newClient(t, dialSocket(socket)))
	if replay := untilReady(t, b); !strings.Contains(replay, "before") {
		t.Errorf("the replay is %q", replay)
	}
	typeIn(t, b, "echo $x''alive\n")
	untilOutput(t, b, "keptalive")
}

func TestFloodDoesNotRunAwayFromItsOnlyViewer(t *testing.T) {
	client := newClient(t, dialSocket(startAgent(t)))
	a := attach(t, client)
	untilReady(t, a)
	typeIn(t, a, "yes | nl\n")
	first := untilLine(t, a)
	time.Sleep(300 * time.Millisecond) // a runaway would print millions of lines
	typeIn(t, a, "\x03echo stop''ped\n")
	started := time.Now()
	output := untilOutput(t, a, "stopped")
	if elapsed := time.Since(started); elapsed > 5*time.Second {
		t.Errorf("Ctrl-C took %v", elapsed)
	}
	if len(output) > ringSize {
		t.Errorf("%d bytes followed %q: the flood ran on while nobody read", len(output), first)
	}
}

func untilLine(t *testing.T, a *Attachment) string {
	t.Helper()
	return untilOutput(t, a, "  1000\ty")
}

func TestStalledViewerDoesNotSlowAnotherAndIsDropped(t *testing.T) {
	client := newClient(t, dialSocket(startAgent(t)))
	stalled, quick := attach(t, client), attach(t, client)
	untilReady(t, stalled)
	typeIn(t, quick, "head -c 8000000 /dev/zero | tr '\\0' x; echo al''l\n")
	watchdog := time.AfterFunc(patience, func() { _ = quick.Close() })
	defer watchdog.Stop()
	total := 0
	for total < 8000000 {
		event, err := quick.Next()
		if err != nil {
			t.Fatalf("after %d bytes: %v", total, err)
		}
		total += len(event.Data)
	}
	for {
		if _, err := stalled.Next(); err != nil {
			if !errors.Is(err, ErrTooSlow) {
				t.Errorf("the stalled viewer ends with %v", err)
			}
			break
		}
	}
	back := attach(t, client)
	untilReady(t, back)
}

func TestShellWithoutViewersRunsFreeAndReplaysFromALine(t *testing.T) {
	client := newClient(t, dialSocket(startAgent(t)))
	a := attach(t, client)
	typeIn(t, a, "go=1; seq -f 'number %g of many' 80000; echo fin''ished\n")
	untilOutput(t, a, "number 10 of many")
	if err := a.Close(); err != nil {
		t.Fatal(err)
	}
	var replay string
	eventually(t, "the flood to finish unwatched", func() bool {
		again := attach(t, client)
		defer func() { _ = again.Close() }() // looked at
		replay = untilReady(t, again)
		return strings.Contains(replay, "finished")
	})
	if !strings.HasPrefix(replay, "number ") || len(replay) > replaySize || len(replay) < replaySize-100 {
		t.Errorf("the replay has %d bytes and begins with %.40q", len(replay), replay)
	}
}

func TestBadShellNamesAreRefused(t *testing.T) {
	client := newClient(t, dialSocket(startAgent(t)))
	for _, name := range []string{"", "../etc", "UPPER", strings.Repeat("a", 33)} {
		if _, err := client.Attach(context.Background(), name, Size{}, nil); err == nil || errors.Is(err, ErrBroken) {
			t.Errorf("a shell named %q: %v", name, err)
		}
	}
}
