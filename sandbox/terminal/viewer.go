package terminal

import (
	"time"

	"github.com/greenbox-lab/greenbox/sandbox/agent"
)

// Viewer is one attached browser, seen from the terminal. Attach calls Receive
// from one goroutine and Output and Notify from another, never two of these at
// a time; Close may come while the others are blocked.
type Viewer interface {
	// Receive blocks for the next thing the viewer did. An error means that the
	// viewer has left; io.EOF says so too and is not reported any further.
	Receive() (Input, error)
	// Output shows data, which is whole UTF-8 wherever the shell's output is. The
	// viewer must not keep data. It gives up at a deadline of its own, with an error.
	Output(data []byte) error
	// Notify tells the viewer what is not output.
	Notify(n Notice) error
	// Close ends the connection and unblocks the other methods. It is called once,
	// before Attach returns and with the error that Attach will return: nil when
	// the viewer left or the shell exited, else see ErrTooSlow and ErrBroken.
	Close(reason error)
}

// Input is one thing a viewer did; exactly one field is set.
type Input struct {
	Keys    []byte // was typed or pasted; Attach is done with it before it calls Receive again
	Size    *Size  // the viewer's window is now this large
	Shown   *int64 // a viewer that counts has shown the output up to this sequence number
	Problem string // what the viewer sent was malformed: handed back as a Problem notice
}

// NoticeKind says what a Notice is about.
type NoticeKind string

// The kinds of notice.
const (
	Placed  NoticeKind = "placed" // to a viewer that counts, the first: it begins at Place; its next key has the number Place.Input
	Typed   NoticeKind = "typed"  // to a viewer that counts: the shell was given its first Count bytes of input
	Ready   NoticeKind = "ready"  // the scrollback is complete; live output follows
	Exit    NoticeKind = "exit"   // the shell ended with Code; nothing follows
	Problem NoticeKind = "error"  // what the viewer sent was refused, see Detail
	Ending  NoticeKind = "ending" // the session ends when Left has passed
)

// Notice is something to tell a viewer beside output.
type Notice struct {
	Kind   NoticeKind
	Code   int
	Detail string
	Left   time.Duration
	Place  Place
	Count  int64
}

var (
	// ErrTooSlow says that the viewer fell further behind than the shell's output
	// is kept for it (websocket close code 1013). Attaching again replays the
	// scrollback.
	ErrTooSlow = agent.ErrTooSlow
	// ErrBroken says that the stream to the node broke or could not be opened
	// (websocket close code 1012). The shell is likely alive: attaching again
	// finds it.
	ErrBroken = agent.ErrBroken
)

// Place is where a viewer that counts stands at a shell.
type Place = agent.Place

// Size is the size of a viewer's window, in characters.
type Size = agent.Size
