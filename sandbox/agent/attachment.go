package agent

import (
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"sync"
	"time"

	"github.com/hashicorp/yamux"
)

// EventKind says what an Event is.
type EventKind byte

// The kinds of event.
const (
	EventData  EventKind = frameData  // output of the shell, at most 32 KiB
	EventReady EventKind = frameReady // the scrollback is complete
	EventTyped EventKind = frameTyped // of a viewer that counts, Count bytes of input were typed in all
	EventExit  EventKind = frameExit  // the shell ended with Code; nothing follows
)

// Event is the next thing a shell had to say.
type Event struct {
	Kind  EventKind
	Data  []byte // valid until the next call of Next
	Code  int
	Count int64
}

// Attachment is one view of a shell. Next may run in one goroutine beside Write
// and Resize in another.
type Attachment struct {
	stream  *yamux.Stream
	place   Place
	buffers *sync.Pool
	lent    *[frameMax]byte // from buffers, while the caller reads an event's data
}

// Place is where the attachment of a viewer that counts begins.
func (a *Attachment) Place() Place { return a.place }

// Next blocks for the next event. It fails with ErrTooSlow when the shell's
// output has overtaken this attachment, and with ErrBroken when the stream broke
// or was closed.
func (a *Attachment) Next() (Event, error) {
	a.release()
	kind, n, err := readFrameHead(a.stream, frameMax)
	if err != nil {
		return Event{}, fmt.Errorf("%w: %w", ErrBroken, err)
	}
	a.lent, _ = a.buffers.Get().(*[frameMax]byte)
	payload := a.lent[:n]
	if _, err := io.ReadFull(a.stream, payload); err != nil {
		return Event{}, fmt.Errorf("%w: %w", ErrBroken, err)
	}
	return parseEvent(kind, payload)
}

// release gives back the buffers that a burst of output needed, so that an idle
// attachment holds next to nothing.
func (a *Attachment) release() {
	if a.lent != nil {
		a.buffers.Put(a.lent)
		a.lent = nil
		a.stream.Shrink()
	}
}

func parseEvent(kind byte, payload []byte) (Event, error) {
	switch kind {
	case frameData, frameReady:
		return Event{Kind: EventKind(kind), Data: payload}, nil
	case frameExit:
		if len(payload) != 4 {
			return Event{}, errors.New("malformed exit frame")
		}
		code := int32(binary.BigEndian.Uint32(payload)) //nolint:gosec // G115: sent as an int32
		return Event{Kind: EventExit, Code: int(code)}, nil
	case frameTyped:
		if len(payload) != seqSize {
			return Event{}, errors.New("malformed frame of what was typed")
		}
		return Event{Kind: EventTyped, Count: int64(binary.BigEndian.Uint64(payload))}, nil //nolint:gosec // G115: a count
	case frameTooSlow:
		return Event{}, ErrTooSlow
	default:
		return Event{}, fmt.Errorf("unknown frame %q", kind)
	}
}

// Write types keys into the shell. It blocks while the shell's program does not
// read and what may wait for it is full.
func (a *Attachment) Write(keys []byte) (int, error) {
	written := 0
	for len(keys) > written {
		part := keys[written:min(len(keys), written+inputMax)]
		frame := make([]byte, frameHead+len(part))
		copy(frame[frameHead:], part)
		if _, err := a.stream.Write(sealFrame(frame, frameData, len(part))); err != nil {
			return written, fmt.Errorf("%w: %w", ErrBroken, err)
		}
		written += len(part)
	}
	return written, nil
}

// WriteAt is Write for a viewer that counts: at is the sequence number of the first
// key. Keys that were typed before are not typed again.
func (a *Attachment) WriteAt(keys []byte, at int64) error {
	for len(keys) > 0 {
		part := keys[:min(len(keys), inputMax)]
		frame := binary.BigEndian.AppendUint64(make([]byte, frameHead, frameHead+seqSize+len(part)), uint64(at)) //nolint:gosec // G115: a count
		frame = append(frame, part...)
		if _, err := a.stream.Write(sealFrame(frame, frameKeys, len(frame)-frameHead)); err != nil {
			return fmt.Errorf("%w: %w", ErrBroken, err)
		}
		keys, at = keys[len(part):], at+int64(len(part))
	}
	return nil
}

// Resize tells the shell the size of this viewer's window. It applies at once,
// and again when this viewer types after another did.
func (a *Attachment) Resize(size Size) error {
	if _, err := a.stream.Write(resizeFrame(size)); err != nil {
		return fmt.Errorf("%w: %w", ErrBroken, err)
	}
	return nil
}

// Close leaves the shell, which stays, and unblocks the other methods.
func (a *Attachment) Close() error {
	_ = a.stream.SetDeadline(time.Unix(1, 0)) // never fails
	return a.stream.Close()
}
