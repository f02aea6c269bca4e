package agent

import (
	"encoding/binary"
	"fmt"
	"time"

	"github.com/hashicorp/yamux"
)

// serveAttach joins the stream to a shell until either ends. An error is the
// answer still to be given.
func serveAttach(stream *yamux.Stream, shells *shells, req attachRequest) error {
	if req.At != nil && (req.At.Viewer == "" || len(req.At.Viewer) > viewerNameMax) {
		return fmt.Errorf("a viewer that counts has a name of 1 to %d characters", viewerNameMax)
	}
	shell, err := shells.get(req.Shell, req.Size)
	if err != nil {
		return err
	}
	v, at := shell.join(req.Size, req.At)
	gone := make(chan struct{})
	if err := writeMessage(stream, response{At: at}); err == nil {
		go func() {
			defer close(gone)
			takeInput(stream, shell, v)
		}()
		sendOutput(stream, v, gone)
	} else {
		close(gone) // the caller has left
	}
	shell.leave(v)
	_ = stream.Close()                          // over, whatever it says
	_ = stream.SetReadDeadline(time.Unix(1, 0)) // never fails
	<-gone
	return nil
}

// takeInput applies what the viewer does, in order, until the stream ends. While
// the PTY is full it does not notice that the viewer has left; it is a goroutine
// more until the shell reads on or ends.
func takeInput(stream *yamux.Stream, shell *shell, v *viewer) {
	buf := make([]byte, seqSize+inputMax)
	for {
		kind, payload, err := readFrame(stream, buf)
		if err != nil {
			return
		}
		switch kind {
		case frameData:
			shell.keys(v, payload)
		case frameKeys:
			if len(payload) < seqSize || !shell.keysAt(v, int64(binary.BigEndian.Uint64(payload)), payload[seqSize:]) { //nolint:gosec // G115: a negative one follows nothing
				return
			}
		case frameResize:
			size, err := parseResize(payload)
			if err != nil {
				return
			}
			shell.resize(v, size)
		}
	}
}

// sendOutput carries the shell's output until its end or the viewer's.
func sendOutput(stream *yamux.Stream, v *viewer, gone <-chan struct{}) {
	buf := make([]byte, frameHead+frameMax)
	for {
		kind, n := v.next(buf[frameHead:], gone)
		switch kind {
		case 0:
			return
		case frameExit:
			binary.BigEndian.PutUint32(buf[frameHead:], uint32(n)) //nolint:gosec // G115: an exit code fits an int32
			n = 4
		case frameTyped:
			binary.BigEndian.PutUint64(buf[frameHead:], uint64(n)) //nolint:gosec // G115: a count
			n = seqSize
		}
		if _, err := stream.Write(sealFrame(buf, kind, n)); err != nil {
			return // the viewer has left
		}
		if kind == frameExit || kind == frameTooSlow {
			return
		}
	}
}
