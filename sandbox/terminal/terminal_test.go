package terminal

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"
	"sync/atomic"
	"testing"
	"time"
	"unicode/utf8"

	"github.com/greenbox-lab/greenbox/sandbox/agent"
)

func TestViewerGetsScrollbackThenReadyThenLiveOutputThenExit(t *testing.T) {
	terminal := newTerminal(t)
	first := sit(t, terminal)
	first.types("echo one''two\n")
	first.sees("onetwo")
	first.leaves()
	first.ended(t, nil)

	second := sit(t, terminal)
	second.hears(Notice{Kind: Ready})
	if replay := second.shown(); !strings.Contains(replay, "onetwo") {
		t.Errorf("before ready came %q", replay)
	}
	second.types("echo three''four; exit 5\n")
	second.hears(Notice{Kind: Exit, Code: 5})
	second.ended(t, nil)
	if !strings.Contains(second.shown(), "threefour") {
		t.Errorf("shown: %q", second.shown())
	}
	third := sit(t, terminal)
	third.hears(Notice{Kind: Ready})
	if strings.Contains(third.shown(), "onetwo") {
		t.Errorf("a new shell replays %q", third.shown())
	}
}

func TestEveryMessageIsWholeUTF8(t *testing.T) {
	v := sit(t, newTerminal(t))
	v.types("x=叢集節點終端機😀; for i in {1..3000}; do echo -n $x; done; echo; echo fin''ished\n")
	v.sees("finished")
	for _, message := range v.messages() {
		if !utf8.Valid(message) {
			t.Errorf("a message of %d bytes begins with %q and ends with %q", len(message), message[:8], message[len(message)-8:])
		}
	}
	if n := strings.Count(v.shown(), "叢集節點終端機😀"); n < 3000 {
		t.Errorf("%d of 3000 arrived", n)
	}
}

func TestInputKeepsItsOrder(t *testing.T) {
	v := sit(t, newTerminal(t))
	v.types("stty -echo; echo rea''dy; cat > pasted; seq 500 | cmp - pasted && echo same''lines\n")
	v.sees("ready") // what is typed before that waits in another mode of the terminal
	for i := range 500 {
		v.types(fmt.Sprintf("%d\n", i+1))
	}
	v.types("\x04")
	v.sees("samelines")
}

func TestResizeAndProblemsAreAnswered(t *testing.T) {
	v := sit(t, newTerminal(t))
	v.input <- Input{Size: &Size{Cols: 101, Rows: 33}}
	v.types("stty size\n")
	v.sees("33 101")
	v.input <- Input{Problem: "not JSON"}
	v.hears(Notice{Kind: Problem, Detail: "not JSON"})
	v.types("echo still''here\n")
	v.sees("stillhere")
}

func TestStalledViewerIsDroppedAndDoesNotSlowAnother(t *testing.T) {
	terminal := newTerminal(t)
	stalled := newViewer(t)
	stalled.stall()
	stalled.attach(context.Background(), terminal)
	quick := sit(t, terminal)
	quick.types("head -c 8000000 /dev/zero | tr '\\0' x; echo; echo al''l\n")
	quick.sees("all\r\n")
	stalled.goOn()
	stalled.ended(t, ErrTooSlow)
}

func TestAttachEndsForAReason(t *testing.T) {
	stopping := errors.New("the server is stopping")
	for _, row := range []struct {
		name string
		end  func(v *viewer, stop context.CancelCauseFunc, client *agent.Client)
		want error
	}{
		{"the viewer leaves", func(v *viewer, _ context.CancelCauseFunc, _ *agent.Client) { v.leaves() }, nil},
		{"the viewer's connection breaks", func(v *viewer, _ context.CancelCauseFunc, _ *agent.Client) { v.breaks(io.ErrUnexpectedEOF) }, io.ErrUnexpectedEOF},
		{"the viewer does not take what it is shown in time", func(v *viewer, _ context.CancelCauseFunc, _ *agent.Client) {
			v.refuses(fmt.Errorf("write: %w", os.ErrDeadlineExceeded))
			v.types("echo\n")
		}, ErrTooSlow},
		{"the caller's context ends", func(_ *viewer, stop context.CancelCauseFunc, _ *agent.Client) { stop(stopping) }, stopping},
		{"the stream to the node breaks", func(_ *viewer, _ context.CancelCauseFunc, client *agent.Client) {
			if err := client.Close(); err != nil {
				panic(err)
			}
		}, ErrBroken},
	} {
		t.Run(row.name, func(t *testing.T) {
			client := newClient(t, startAgent(t))
			ctx, stop := context.WithCancelCause(context.Background())
			defer stop(nil)
			v := newViewer(t)
			v.attach(ctx, New(client, "main", func() {}))
			v.hears(Notice{Kind: Ready})
			row.end(v, stop, client)
			v.ended(t, row.want)
		})
	}
}

func TestNodeOutOfReachClosesTheViewerToo(t *testing.T) {
	client := agent.NewClient(func(context.Context) (io.ReadWriteCloser, error) { return nil, io.ErrClosedPipe })
	v := newViewer(t)
	v.attach(t.Context(), New(client, "main", func() {}))
	v.ended(t, ErrBroken)
}

func TestRunes(t *testing.T) {
	for _, row := range []struct {
		name string
		in   []string
		out  []string
		rest string
	}{
		{"ASCII passes at once", []string{"ab", "c"}, []string{"ab", "c"}, ""},
		{"a rune cut in two is held until it is whole", []string{"a\xe5\x8f", "\xa2b"}, []string{"a", "叢b"}, ""},
		{"a rune that comes byte by byte is held", []string{"\xf0", "\x9f", "\x98", "\x80"}, []string{"", "", "", "😀"}, ""},
		{"what is not UTF-8 passes", []string{"\xff\xfe", "a\x80"}, []string{"\xff\xfe", "a\x80"}, ""},
		{"a cut rune that does not go on passes with what follows", []string{"\xe5\x8f", "x"}, []string{"", "\xe5\x8fx"}, ""},
		{"what is left at the end is not lost", []string{"a\xe5"}, []string{"a"}, "\xe5"},
		{"only continuation bytes pass", []string{"\x80\x80\x80\x80"}, []string{"\x80\x80\x80\x80"}, ""},
	} {
		t.Run(row.name, func(t *testing.T) {
			var r runes
			for i, in := range row.in {
				if out := r.whole([]byte(in)); !bytes.Equal(out, []byte(row.out[i])) {
					t.Errorf("%q gives %q, want %q", in, out, row.out[i])
				}
			}
			if string(r.rest()) != row.rest {
				t.Errorf("rest %q", r.rest())
			}
		})
	}
}

func TestEveryViewerIsToldAndKeysAreNoted(t *testing.T) {
	var keys atomic.Int32
	terminal := New(newClient(t, startAgent(t)), "main", func() { keys.Add(1) })
	end := Notice{Kind: Ending, Left: 10 * time.Minute}
	terminal.Tell(end) // nobody is there
	first, second := sit(t, terminal), sit(t, terminal)
	first.hears(Notice{Kind: Ready})
	second.hears(Notice{Kind: Ready})
	first.input <- Input{Size: &Size{Cols: 90, Rows: 30}}
	terminal.Tell(end)
	first.hears(end)
	second.hears(end)
	if keys.Load() != 0 {
		t.Errorf("%d keys before there was one", keys.Load())
	}
	second.types("echo key''ed\n")
	first.sees("keyed")
	second.leaves()
	second.ended(t, nil)
	terminal.Tell(end)
	if keys.Load() != 1 || strings.Contains(first.shown(), "Ending") {
		t.Errorf("%d keys, shown %q", keys.Load(), first.shown())
	}
}
