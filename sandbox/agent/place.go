package agent

import (
	"crypto/rand"
	"sync"
	"sync/atomic"
	"time"
)

// Place is where a viewer that counts stands at a shell: with it, the viewer comes
// back after a break and has every byte exactly once, either way. The viewer says
// Viewer, Run and Output; the agent answers where it really begins.
type Place struct {
	Viewer string `json:"viewer"`        // drawn once by the viewer, at most 64 characters
	Run    string `json:"run,omitempty"` // which life of the shell; empty at first
	Output int64  `json:"output"`        // the sequence number of the next byte of output
	Input  int64  `json:"input"`         // how many bytes of the viewer's input were typed
}

// Follows reports whether what p begins with follows what the viewer at before has.
// Otherwise output is missing in between, or the shell is another one: p begins with
// the replay of a scrollback.
func (p Place) Follows(before Place) bool { return p.Run == before.Run && p.Output == before.Output }

const (
	viewerNameMax = 64
	inputsMax     = 64 // the viewers whose input a shell remembers
)

// input is what one viewer that counts has typed, in all its attachments.
type input struct {
	typing sync.Mutex // held while the PTY takes it
	typed  atomic.Int64
	since  time.Time // of the latest attachment; guarded by the shell's mu
}

// inputLocked returns the input of a viewer, and forgets the one that has been away
// for longest where there are too many.
func (s *shell) inputLocked(viewer string) *input {
	in, ok := s.inputs[viewer]
	if !ok {
		in = &input{}
		if len(s.inputs) >= inputsMax {
			delete(s.inputs, s.eldestLocked())
		}
		s.inputs[viewer] = in
	}
	in.since = time.Now()
	return in
}

func (s *shell) eldestLocked() (eldest string) {
	for viewer, in := range s.inputs {
		if eldest == "" || in.since.Before(s.inputs[eldest].since) {
			eldest = viewer
		}
	}
	return eldest
}

// keysAt types what of v's keys, which begin at sequence number at, was not typed
// before: a connection that was lost may still be typing. It reports whether they
// follow what was typed.
func (s *shell) keysAt(v *viewer, at int64, keys []byte) bool {
	if v.input == nil || at < 0 {
		return false
	}
	v.input.typing.Lock()
	defer v.input.typing.Unlock()
	typed := v.input.typed.Load()
	if at > typed {
		return false
	}
	if again := typed - at; again < int64(len(keys)) {
		keys = keys[again:]
		s.keys(v, keys)
		v.input.typed.Add(int64(len(keys)))
	}
	wake(v.more)
	return true
}

// newRun names a life of a shell.
func newRun() string { return rand.Text() }
