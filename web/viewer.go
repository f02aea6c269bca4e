package web

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"sync"
	"time"

	"github.com/gorilla/websocket"
	"github.com/greenbox-lab/greenbox/sandbox/terminal"
	"golang.org/x/time/rate"
)

// The limits of a terminal's websocket. Input beyond the rate is not dropped:
// it is read later, so that a long paste arrives whole.
const (
	inputRate    = 64 << 10 // bytes a second
	inputBurst   = 1 << 20
	frameCost    = 32 // bytes that each frame counts for beside its content
	maxFrame     = inputBurst - frameCost
	pingEvery    = 20 * time.Second
	silenceLimit = 60 * time.Second // without a pong or anything else
	outputLimit  = 30 * time.Second // for one frame to be accepted
	slowGoodbye  = 15 * time.Second // for a slow viewer to come to the close frame
	goodbye      = time.Second
)

// viewer is a browser's terminal behind a websocket: a terminal.Viewer.
type viewer struct {
	conn   *websocket.Conn
	input  *rate.Limiter
	counts bool          // it is of ackProtocol
	done   chan struct{} // closed by the first Close or hangUp; wakes what waits
	pings  sync.WaitGroup

	mu      sync.Mutex
	closing bool // guarded by mu
}

// newViewer takes over conn and begins to ping it. The caller calls hangUp.
func newViewer(conn *websocket.Conn, counts bool) *viewer {
	v := &viewer{conn: conn, counts: counts, input: rate.NewLimiter(inputRate, inputBurst), done: make(chan struct{})}
	conn.SetReadLimit(maxFrame)
	conn.SetPongHandler(func(string) error { return v.listen() })
	v.pings.Go(v.ping)
	return v
}

func (v *viewer) ping() {
	tick := time.NewTicker(pingEvery)
	defer tick.Stop()
	for {
		select {
		case <-v.done:
			return
		case <-tick.C:
			// When it cannot be written, no pong comes, and reading ends.
			_ = v.conn.WriteControl(websocket.PingMessage, nil, time.Now().Add(goodbye))
		}
	}
}

// listen gives the peer time until it must be heard again.
func (v *viewer) listen() error {
	v.mu.Lock()
	defer v.mu.Unlock()
	if v.closing {
		return io.EOF
	}
	return v.conn.SetReadDeadline(time.Now().Add(silenceLimit))
}

// Receive implements terminal.Viewer.
func (v *viewer) Receive() (terminal.Input, error) {
	for {
		if err := v.listen(); err != nil {
			return terminal.Input{}, err
		}
		kind, data, err := v.conn.ReadMessage()
		if closed := new(websocket.CloseError); errors.As(err, &closed) {
			return terminal.Input{}, io.EOF
		}
		if err != nil {
			return terminal.Input{}, fmt.Errorf("read from the browser: %w", err)
		}
		if !v.pace(len(data) + frameCost) {
			return terminal.Input{}, io.EOF
		}
		if kind == websocket.TextMessage {
			return v.control(data), nil
		}
		if len(data) > 0 {
			return terminal.Input{Keys: data}, nil
		}
	}
}

// pace waits until n more bytes are within the rate, and reports whether the
// viewer is still there then.
func (v *viewer) pace(n int) bool {
	wait := time.NewTimer(v.input.ReserveN(time.Now(), n).Delay())
	defer wait.Stop()
	select {
	case <-wait.C:
		return true
	case <-v.done:
		return false
	}
}

// control reads a text frame: resize, and of a viewer that counts shown.
func (v *viewer) control(data []byte) terminal.Input {
	var frame struct {
		Type       string
		Cols, Rows *int
		Output     *int64
	}
	if err := json.Unmarshal(data, &frame); err != nil {
		return terminal.Input{Problem: "a text frame is a JSON object: " + err.Error()}
	}
	if v.counts && frame.Type == "shown" && frame.Output != nil {
		return terminal.Input{Shown: frame.Output}
	}
	if frame.Type != "resize" {
		return terminal.Input{Problem: fmt.Sprintf("unknown type %.40q: a text frame has the type resize", frame.Type)}
	}
	if !fits(frame.Cols) || !fits(frame.Rows) {
		return terminal.Input{Problem: "cols and rows are whole numbers from 1 to 1000"}
	}
	return terminal.Input{Size: &terminal.Size{Cols: uint16(*frame.Cols), Rows: uint16(*frame.Rows)}} //nolint:gosec // at most maxSide
}

func fits(n *int) bool { return n != nil && *n >= 1 && *n <= maxSide }

// Output implements terminal.Viewer.
func (v *viewer) Output(data []byte) error { return v.write(websocket.BinaryMessage, data) }

// Notify implements terminal.Viewer.
func (v *viewer) Notify(n terminal.Notice) error {
	frame := map[string]any{"type": n.Kind}
	switch n.Kind {
	case terminal.Exit:
		frame["code"] = n.Code
	case terminal.Problem:
		frame["detail"] = n.Detail
	case terminal.Ending:
		frame["seconds"] = int(n.Left.Seconds())
	case terminal.Placed:
		frame["run"], frame["output"], frame["input"] = n.Place.Run, n.Place.Output, n.Place.Input
	case terminal.Typed:
		frame["input"] = n.Count
	case terminal.Ready:
	}
	data, err := json.Marshal(frame)
	if err != nil {
		return err
	}
	return v.write(websocket.TextMessage, data)
}

func (v *viewer) write(kind int, data []byte) error {
	if err := v.conn.SetWriteDeadline(time.Now().Add(outputLimit)); err != nil {
		return err
	}
	if err := v.conn.WriteMessage(kind, data); err != nil {
		return fmt.Errorf("write to the browser: %w", err)
	}
	return nil
}

// Close implements terminal.Viewer. It says why, and gives the peer a moment to
// take note. A slow one gets longer: the close frame can only follow the frame
// that it has not accepted yet.
func (v *viewer) Close(reason error) {
	code, wait := closeCode(reason)
	err := v.conn.WriteControl(websocket.CloseMessage, websocket.FormatCloseMessage(code, ""), time.Now().Add(wait))
	v.leave()
	if err != nil {
		_ = v.conn.Close() // nobody is left to tell, but Output may still wait for them
	}
}

// leave ends what waits, and reading within a moment. It may be called twice.
func (v *viewer) leave() {
	v.mu.Lock()
	defer v.mu.Unlock()
	if !v.closing {
		v.closing = true
		close(v.done)
		_ = v.conn.SetReadDeadline(time.Now().Add(goodbye)) // fails only when closed
	}
}

// closeCode translates; the server that stops may be there again soon.
func closeCode(reason error) (code int, wait time.Duration) {
	switch {
	case errors.Is(reason, terminal.ErrTooSlow):
		return websocket.CloseTryAgainLater, slowGoodbye
	case errors.Is(reason, terminal.ErrBroken), errors.Is(reason, context.Canceled): // a stream that breaks may say io.EOF, too
		return websocket.CloseServiceRestart, goodbye
	case reason == nil, errors.Is(reason, io.EOF):
		return websocket.CloseNormalClosure, goodbye
	}
	return websocket.CloseInternalServerErr, goodbye
}

// hangUp reads until the peer has closed too, so that what it still sends does
// not make the close frame get lost, then ends the connection.
func (v *viewer) hangUp() {
	v.leave()
	for {
		if _, _, err := v.conn.NextReader(); err != nil {
			break
		}
	}
	_ = v.conn.Close() // the peer has been told; nothing more can be done
	v.pings.Wait()
}
