package engine

import (
	"fmt"
	"io"
	"strings"

	"github.com/moby/moby/api/pkg/stdcopy"
	"github.com/moby/moby/client"
)

// maxComplaint is how much of a dialled program's stderr is kept for its error.
const maxComplaint = 4 << 10

// stream is a program's stdin and stdout as one.
type stream struct {
	conn   *client.HijackedResponse
	stdout *io.PipeReader
	done   chan struct{} // closed when the copying goroutine has ended
}

func newStream(conn *client.HijackedResponse, program string) *stream {
	stdout, w := io.Pipe()
	s := &stream{conn: conn, stdout: stdout, done: make(chan struct{})}
	go func() {
		defer close(s.done)
		complaint := &head{limit: maxComplaint}
		_, err := stdcopy.StdCopy(w, complaint, conn.Reader)
		_ = w.CloseWithError(ended(program, complaint.buf.String(), err)) // never fails
	}()
	return s
}

// ended is what Read gives after the last byte: nil becomes io.EOF.
func ended(program, complaint string, err error) error {
	if complaint = strings.TrimSpace(complaint); complaint != "" {
		return fmt.Errorf("%s: %s", program, complaint)
	}
	if err != nil {
		return fmt.Errorf("read from %s: %w", program, err)
	}
	return nil
}

func (s *stream) Read(p []byte) (int, error)  { return s.stdout.Read(p) }
func (s *stream) Write(p []byte) (int, error) { return s.conn.Conn.Write(p) }

// Close may be called more than once, and while a Read or Write waits, which
// then returns an error.
func (s *stream) Close() error {
	s.conn.Close()
	err := s.stdout.Close()
	<-s.done
	return err
}
