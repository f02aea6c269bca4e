package terminal

import (
	"bytes"
	"context"
	"strings"
	"testing"
	"time"
)

// count attaches a viewer that counts, and returns where it was placed.
func count(t *testing.T, terminal *Terminal, at Place) (*viewer, Place) {
	v := newViewer(t)
	v.at = &at
	v.attach(context.Background(), terminal)
	eventually(t, "its place", func() bool { return len(v.heard(Placed)) == 1 })
	return v, v.heard(Placed)[0].Place
}

func (v *viewer) heard(kind NoticeKind) (out []Notice) {
	v.mu.Lock()
	defer v.mu.Unlock()
	for _, n := range v.notices {
		if n.Kind == kind {
			out = append(out, n)
		}
	}
	return out
}

func (v *viewer) shows(to int64) { v.input <- Input{Shown: &to} }

func (v *viewer) received() int { return len(bytes.Join(v.messages(), nil)) }

func TestViewerThatCountsComesBackToWhereItWas(t *testing.T) {
	terminal := newTerminal(t)
	first, place := count(t, terminal, Place{Viewer: "a"})
	first.types("echo one''two\n")
	first.sees("onetwo\r\n$ ")
	eventually(t, "all keys to be typed", func() bool {
		typed := first.heard(Typed)
		return len(typed) > 0 && typed[len(typed)-1].Count == 14
	})
	first.leaves()
	first.ended(t, nil)

	at := Place{Viewer: "a", Run: place.Run, Output: place.Output + int64(first.received())}
	second, again := count(t, terminal, at)
	if !again.Follows(at) || again.Input != 14 {
		t.Fatalf("at %+v it was placed at %+v", at, again)
	}
	second.hears(Notice{Kind: Ready})
	second.types("echo three''four\n")
	second.sees("threefour\r\n$ ")
	if seen := second.shown(); strings.Contains(seen, "onetwo") || !strings.HasPrefix(seen, "echo three") {
		t.Errorf("after its place it saw %q", seen)
	}
}

func TestViewerThatCountsIsSentNoMoreThanItShows(t *testing.T) {
	v, place := count(t, newTerminal(t), Place{Viewer: "a"})
	var shown int64
	v.types("yes\n")
	for range 3 {
		limit := int(shown) + window
		eventually(t, "a full window", func() bool { return v.received() >= limit })
		time.Sleep(50 * time.Millisecond) // for more that must not come
		if n := v.received(); n > limit+32<<10 {
			t.Fatalf("%d bytes came where %d may wait", n, limit)
		}
		shown += window
		v.shows(place.Output + shown)
	}
	v.types("\x03")
	v.shows(place.Output + 1<<40)
	v.sees("$ ")
}
