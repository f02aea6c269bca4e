package agent

import (
	"encoding/binary"
	"fmt"
	"io"
)

// A frame is a type, the length of its payload as a big-endian uint32, and the
// payload.
const (
	frameData    = 'd' // both ways: bytes of the terminal
	frameKeys    = 'k' // to the agent: the sequence number of the first key, a uint64, and the keys
	frameTyped   = 't' // from the agent: how much of the viewer's input was typed, a uint64
	frameResize  = 's' // to the agent: columns and rows, a uint16 each
	frameReady   = 'r' // from the agent: the scrollback is complete
	frameExit    = 'x' // from the agent, the last: the exit code, an int32
	frameTooSlow = 'g' // from the agent, the last: the ring has overtaken the reader
	frameChanged = 'c' // from the agent: a watched file may have changed; no payload
)

const (
	frameHead = 5
	frameMax  = 32 << 10 // the largest payload
	inputMax  = 4 << 10  // the most keys in a frame
	seqSize   = 8        // of a sequence number
)

// sealFrame writes the head of a frame into b, whose payload of n bytes already
// stands behind the head, and returns the whole frame.
func sealFrame(b []byte, kind byte, n int) []byte {
	b[0] = kind
	binary.BigEndian.PutUint32(b[1:frameHead], uint32(n)) //nolint:gosec // G115: at most frameMax
	return b[:frameHead+n]
}

// readFrameHead returns the type of the next frame and the length of its payload,
// which is at most limit.
func readFrameHead(r io.Reader, limit int) (kind byte, n int, err error) {
	var head [frameHead]byte
	if _, err := io.ReadFull(r, head[:]); err != nil {
		return 0, 0, err
	}
	length := binary.BigEndian.Uint32(head[1:])
	if length > uint32(limit) { //nolint:gosec // G115: one of the constants above
		return 0, 0, fmt.Errorf("a frame of %d bytes is longer than allowed", length)
	}
	return head[0], int(length), nil
}

// readFrame reads the next frame, its payload into buf, which bounds it.
func readFrame(r io.Reader, buf []byte) (kind byte, payload []byte, err error) {
	kind, n, err := readFrameHead(r, len(buf))
	if err != nil {
		return 0, nil, err
	}
	_, err = io.ReadFull(r, buf[:n])
	return kind, buf[:n], err
}

func resizeFrame(size Size) []byte {
	b := make([]byte, frameHead, frameHead+4)
	b = binary.BigEndian.AppendUint16(b, size.Cols)
	b = binary.BigEndian.AppendUint16(b, size.Rows)
	return sealFrame(b, frameResize, 4)
}

func parseResize(payload []byte) (Size, error) {
	if len(payload) != 4 {
		return Size{}, fmt.Errorf("a resize frame has %d bytes", len(payload))
	}
	return Size{Cols: binary.BigEndian.Uint16(payload), Rows: binary.BigEndian.Uint16(payload[2:])}, nil
}
