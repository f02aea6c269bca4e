// Package terminal is the server's side of a shell on a node: it joins viewers,
// each an attached browser, to the agent's shell. The shell, its scrollback and
// the pace and the coalescing of its output are the agent's (see sandbox/agent);
// what is added here is what a browser needs: whole runes in every message, input
// in order, one goroutine that writes, and a reason at the end.
//
// It knows no websocket and no HTTP: a Viewer is whatever can show and type, and
// limits what it accepts by itself. Nothing is kept between attachments; an idle
// one costs its caller's goroutine, two more, and no buffer.
package terminal

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"sync"
	"sync/atomic"

	"github.com/greenbox-lab/greenbox/sandbox/agent"
)

// Terminal is one shell of one node, for any number of viewers.
type Terminal struct {
	client *agent.Client
	shell  string
	typed  func()

	mu    sync.Mutex
	seats map[*seat]bool // guarded by mu
}

// New returns the terminal of the shell with that name. The client stays the
// caller's. typed is called before each input of keys is passed on.
func New(client *agent.Client, shell string, typed func()) *Terminal {
	return &Terminal{client: client, shell: shell, typed: typed, seats: map[*seat]bool{}}
}

// Tell gives a notice to every viewer attached now, between two parts of the
// output. It does not wait: a viewer that is too slow to take it goes without.
func (t *Terminal) Tell(n Notice) {
	t.mu.Lock()
	defer t.mu.Unlock()
	for s := range t.seats {
		select {
		case s.news <- n:
		default:
		}
	}
}

func (t *Terminal) sit(s *seat) (leave func()) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.seats[s] = true
	return func() {
		t.mu.Lock()
		defer t.mu.Unlock()
		delete(t.seats, s)
	}
}

// Attach shows the shell to v and types what v types, starting the shell when
// there is none. It blocks until the viewer leaves or the shell exits (nil), the
// viewer is too slow (ErrTooSlow), the node cannot be reached (ErrBroken) or ctx
// ends (its cause). The viewer has been closed with that error; the shell stays.
//
// A viewer that counts says where it stands, any other is nil: it gets what it lacks
// where that is still held, its keys are numbered from Place.Input on, and no more
// than window bytes go out that it has not said to have shown.
func (t *Terminal) Attach(ctx context.Context, v Viewer, size Size, at *Place) error {
	attachment, err := t.client.Attach(ctx, t.shell, size, at)
	if err != nil {
		v.Close(err)
		return err
	}
	ctx, end := context.WithCancelCause(ctx)
	defer end(nil)
	closed := make(chan struct{})
	context.AfterFunc(ctx, func() {
		defer close(closed)
		_ = attachment.Close() // only unblocks; the shell stays either way
		v.Close(reason(ctx))
	})
	s := &seat{viewer: v, attachment: attachment, end: end, typed: t.typed, counts: at != nil, acked: make(chan struct{}, 1),
		events: make(chan agent.Event), shown: make(chan struct{}), notices: make(chan Notice), news: make(chan Notice, 4)}
	s.place = attachment.Place()
	s.sent, s.key = s.place.Output, s.place.Input
	s.shownTo.Store(s.sent)
	defer t.sit(s)()
	var running sync.WaitGroup
	running.Go(func() { s.follow(ctx) })
	running.Go(func() { s.obey(ctx) })
	s.show(ctx)
	<-closed
	running.Wait()
	return reason(ctx)
}

// errOver ends an attachment in the ordinary way.
var errOver = errors.New("the viewer left or the shell exited")

// reason is what Attach returns, once ctx has ended.
func reason(ctx context.Context) error {
	if cause := context.Cause(ctx); !errors.Is(cause, errOver) {
		return cause
	}
	return nil
}

// seat is one viewer at a shell.
type seat struct {
	viewer     Viewer
	attachment *agent.Attachment
	end        context.CancelCauseFunc // the first reason counts
	events     chan agent.Event        // from follow to show
	shown      chan struct{}           // from show to follow: the event may be overwritten
	notices    chan Notice             // from obey to show
	news       chan Notice             // from Tell to show
	typed      func()

	counts  bool
	place   Place         // where a viewer that counts began
	key     int64         // obey's: the number of its next key
	sent    int64         // show's: the number of the next byte to send
	shownTo atomic.Int64  // what it says to have shown, from obey to show
	acked   chan struct{} // has a token when shownTo has changed
}

// window is how much output goes out to a viewer that counts before it says to have
// shown it: no less than a replay.
const window = 256 << 10

// follow hands over what the shell says, one event at a time.
func (s *seat) follow(ctx context.Context) {
	for {
		event, err := s.attachment.Next()
		if err != nil {
			s.end(err)
			return
		}
		select {
		case s.events <- event:
		case <-ctx.Done():
			return
		}
		select {
		case <-s.shown:
		case <-ctx.Done():
			return
		}
	}
}

// obey does what the viewer does, in order.
func (s *seat) obey(ctx context.Context) {
	for {
		input, err := s.viewer.Receive()
		if errors.Is(err, io.EOF) {
			err = errOver
		}
		if err == nil {
			err = s.do(ctx, input)
		}
		if err != nil {
			s.end(err)
			return
		}
	}
}

func (s *seat) do(ctx context.Context, input Input) error {
	switch {
	case input.Size != nil:
		return s.attachment.Resize(*input.Size)
	case input.Shown != nil:
		s.shownTo.Store(*input.Shown)
		select {
		case s.acked <- struct{}{}:
		default:
		}
		return nil
	case input.Problem != "":
		select {
		case s.notices <- Notice{Kind: Problem, Detail: input.Problem}:
		case <-ctx.Done():
		}
		return nil
	default:
		s.typed()
		if !s.counts {
			_, err := s.attachment.Write(input.Keys)
			return err
		}
		at := s.key
		s.key += int64(len(input.Keys))
		return s.attachment.WriteAt(input.Keys, at)
	}
}

// show is the only one that writes to the viewer.
func (s *seat) show(ctx context.Context) {
	var runes runes
	if s.counts {
		if err := s.viewer.Notify(Notice{Kind: Placed, Place: s.place}); err != nil {
			s.end(lost(err))
			return
		}
	}
	for {
		var err error
		var shown chan<- struct{} // to tell follow, when there is an event
		events := s.events
		if s.counts && s.sent-s.shownTo.Load() >= window {
			events = nil
		}
		select {
		case <-ctx.Done():
			return
		case <-s.acked:
		case notice := <-s.notices:
			err = s.viewer.Notify(notice)
		case notice := <-s.news:
			err = s.viewer.Notify(notice)
		case event := <-events:
			shown = s.shown
			err = s.present(event, &runes)
		}
		if err != nil { // before follow reads on: after an exit it would find the stream's end
			s.end(lost(err))
			return
		}
		if shown == nil {
			continue
		}
		select {
		case shown <- struct{}{}:
		case <-ctx.Done():
			return
		}
	}
}

func (s *seat) present(event agent.Event, runes *runes) error {
	switch event.Kind {
	case agent.EventReady:
		return s.viewer.Notify(Notice{Kind: Ready})
	case agent.EventExit:
		if err := s.output(runes.rest()); err != nil {
			return err
		}
		if err := s.viewer.Notify(Notice{Kind: Exit, Code: event.Code}); err != nil {
			return err
		}
		return errOver
	case agent.EventTyped:
		return s.viewer.Notify(Notice{Kind: Typed, Count: event.Count})
	case agent.EventData:
		return s.output(runes.whole(event.Data))
	}
	return fmt.Errorf("unknown event %q", event.Kind)
}

func (s *seat) output(data []byte) error {
	if len(data) == 0 {
		return nil
	}
	s.sent += int64(len(data))
	return s.viewer.Output(data)
}

// lost tells a viewer that did not take what it was given in time from one that
// went away.
func lost(err error) error {
	if errors.Is(err, os.ErrDeadlineExceeded) {
		return fmt.Errorf("%w: %w", ErrTooSlow, err)
	}
	return err
}
