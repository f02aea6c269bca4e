package measure

import (
	"bytes"
	"context"
	"fmt"
	"net/http"
	"sync"
	"time"

	"github.com/gorilla/websocket"
)

// shell is a terminal on the control plane.
type shell struct {
	conn *websocket.Conn
	over chan struct{} // closed when reading has ended

	mu   sync.Mutex
	seen []byte        // what was printed and not yet asked for; guarded by mu
	more chan struct{} // has room for one notice that there is more
	err  error         // guarded by mu
}

// attach opens a terminal as soon as there is one. The caller closes it.
func (l *learner) attach(ctx context.Context) (*shell, error) {
	var s *shell
	err := until(ctx, 5*time.Minute, func(ctx context.Context) (err error) {
		s, err = l.dial(ctx)
		return err
	})
	return s, err
}

func (l *learner) dial(ctx context.Context) (*shell, error) {
	url := "ws://" + l.server.addr + "/api/v1/sessions/" + l.session + "/terminals/controlplane?cols=120&rows=30"
	header := http.Header{"Origin": {"http://" + l.server.addr}, "Authorization": {"Bearer " + l.token}}
	conn, resp, err := websocket.DefaultDialer.DialContext(ctx, url, header)
	if resp != nil {
		_ = resp.Body.Close() // of the handshake: it has been read
	}
	if err != nil {
		return nil, err
	}
	s := &shell{conn: conn, over: make(chan struct{}), more: make(chan struct{}, 1)}
	go s.read()
	return s, nil
}

func (s *shell) read() {
	defer close(s.over)
	for {
		kind, data, err := s.conn.ReadMessage()
		s.mu.Lock()
		if kind == websocket.BinaryMessage {
			s.seen = append(s.seen, data...)
		}
		s.err = err
		s.mu.Unlock()
		select {
		case s.more <- struct{}{}:
		default:
		}
		if err != nil {
			return
		}
	}
}

func (s *shell) close() {
	_ = s.conn.Close() // nothing is written any more
	<-s.over
}

func (s *shell) send(keys string) error {
	return s.conn.WriteMessage(websocket.BinaryMessage, []byte(keys))
}

// until waits until want was printed, returns what was printed before it, and
// forgets both.
func (s *shell) until(ctx context.Context, want string, limit time.Duration) (string, error) {
	end := time.NewTimer(limit)
	defer end.Stop()
	for {
		s.mu.Lock()
		before, rest, found := bytes.Cut(s.seen, []byte(want))
		err := s.err
		if found {
			s.seen = rest
		}
		s.mu.Unlock()
		if found {
			return string(before), nil
		}
		if err != nil {
			return "", err
		}
		select {
		case <-s.more:
		case <-end.C:
			return "", fmt.Errorf("the terminal did not print %q within %s", want, limit)
		case <-ctx.Done():
			return "", ctx.Err()
		}
	}
}

// run types a line and waits for it to end; any exit code but 0 is an error.
func (s *shell) run(ctx context.Context, line string, limit time.Duration) error {
	if err := s.send("{ " + line + "; }; echo EN''D$?.\r"); err != nil {
		return err
	}
	out, err := s.until(ctx, "END", limit)
	if err != nil {
		return fmt.Errorf("%s: %w", line, err)
	}
	code, err := s.until(ctx, ".", limit)
	if err == nil && code != "0" {
		err = fmt.Errorf("exit code %s: %s", code, out)
	}
	return err
}

// forget drops what is printed until a moment has passed, the prompt for example.
func (s *shell) forget(ctx context.Context) error {
	err := pause(ctx, 200*time.Millisecond)
	s.mu.Lock()
	defer s.mu.Unlock()
	s.seen = nil
	return err
}

// echo is how long a key takes until it is shown.
func (s *shell) echo(ctx context.Context, key string) (float64, error) {
	began := time.Now()
	if err := s.send(key); err != nil {
		return 0, err
	}
	_, err := s.until(ctx, key, 30*time.Second)
	return since(began), err
}
