package agent

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"sync"
	"time"

	"github.com/hashicorp/yamux"
)

// Dialer opens a byte stream to the agent of one node. ctx bounds the dialling,
// not the stream; closing the stream unblocks its Read and Write.
type Dialer func(ctx context.Context) (io.ReadWriteCloser, error)

// openTimeout bounds dialling, the handshake and the answer to a request, so
// that a frozen node costs a caller no more than this.
const openTimeout = 10 * time.Second

// Client speaks to the agent of one node over one byte stream, which it dials
// when first needed and again after any break. It is safe for concurrent use.
type Client struct {
	// Frozen reports whether the node is frozen on purpose: its silence is then no
	// break. It is set before the first call, or nil.
	Frozen func() bool

	dial    Dialer
	timeout time.Duration
	config  *yamux.Config
	buffers sync.Pool     // of *[frameMax]byte, lent to attachments while output arrives
	turn    chan struct{} // held by whoever uses the two below
	mux     *yamux.Session
	closed  bool
}

// NewClient returns a client that has not dialled yet.
func NewClient(dial Dialer) *Client {
	c := &Client{dial: dial, timeout: openTimeout, config: muxConfig(), turn: make(chan struct{}, 1)}
	c.config.EnableKeepAlive = false // see keepAlive
	c.buffers.New = func() any { return new([frameMax]byte) }
	return c
}

// Close ends the stream to the agent and with it every attachment; the shells
// stay. Later calls fail with net.ErrClosed.
func (c *Client) Close() error {
	c.turn <- struct{}{}
	defer func() { <-c.turn }()
	c.closed = true
	if c.mux == nil {
		return nil
	}
	return c.mux.Close()
}

// Attach opens the shell of that name, starting it if there is none. The
// attachment first yields the scrollback, then EventReady, then what follows.
// A viewer that counts says where it stands; any other passes nil. ctx bounds the
// opening only; the caller closes the attachment.
func (c *Client) Attach(ctx context.Context, shell string, size Size, at *Place) (*Attachment, error) {
	stream, answer, err := c.request(ctx, request{Attach: &attachRequest{Shell: shell, Size: size, At: at}})
	if err != nil {
		return nil, fmt.Errorf("attach to shell %s: %w", shell, err)
	}
	a := &Attachment{stream: stream, buffers: &c.buffers}
	if answer.At != nil {
		a.place = *answer.At
	}
	return a, nil
}

// ReadFile returns the content of a regular file on the node, following symbolic
// links. The error is fs.ErrNotExist, ErrNotRegular or ErrTooLarge where it applies.
func (c *Client) ReadFile(ctx context.Context, path string, limit int64) ([]byte, error) {
	stream, answer, err := c.request(ctx, request{ReadFile: &readFileRequest{Path: path, Limit: limit}})
	if err != nil {
		return nil, fmt.Errorf("read %s: %w", path, err)
	}
	defer func() { _ = stream.Close() }() // read to its end, or broken
	if answer.Size > limit {
		return nil, fmt.Errorf("read %s: %w", path, ErrTooLarge)
	}
	defer interrupt(ctx, stream)()
	data := make([]byte, answer.Size)
	if _, err := io.ReadFull(stream, data); err != nil {
		return nil, fmt.Errorf("read %s: %w", path, broken(ctx, err))
	}
	return data, nil
}

// request opens a stream with that request and returns it behind the answer,
// without deadlines. An error that the agent answered with closes the stream.
func (c *Client) request(ctx context.Context, req request) (*yamux.Stream, response, error) {
	ctx, cancel := context.WithTimeout(ctx, c.timeout)
	defer cancel()
	mux, err := c.session(ctx)
	if err != nil {
		return nil, response{}, err
	}
	stream, err := mux.OpenStream() // gives up by itself when the connection stalls
	if err != nil {
		return nil, response{}, broken(ctx, err)
	}
	answer, err := ask(ctx, stream, req)
	if err != nil {
		_ = stream.Close() // the answer's error says more
		return nil, response{}, err
	}
	return stream, answer, nil
}

func ask(ctx context.Context, stream *yamux.Stream, req request) (response, error) {
	restore := interrupt(ctx, stream)
	defer restore()
	if err := writeMessage(stream, req); err != nil {
		return response{}, broken(ctx, err)
	}
	var answer response
	if err := readMessage(stream, &answer); err != nil {
		return response{}, broken(ctx, err)
	}
	if answer.Error != nil {
		return response{}, answer.Error
	}
	return answer, nil
}

// interrupt makes the end of ctx unblock the stream until the returned function
// is called, which leaves no deadline behind.
func interrupt(ctx context.Context, stream *yamux.Stream) (restore func()) {
	done := make(chan struct{})
	stop := context.AfterFunc(ctx, func() {
		_ = stream.SetDeadline(time.Unix(1, 0)) // never fails
		close(done)
	})
	return func() {
		if !stop() {
			<-done
		}
		_ = stream.SetDeadline(time.Time{}) // never fails
	}
}

// broken says that the stream failed, or that the caller's time was up.
func broken(ctx context.Context, err error) error {
	if cause := ctx.Err(); cause != nil {
		return fmt.Errorf("%w: no answer: %w", ErrBroken, cause)
	}
	return fmt.Errorf("%w: %w", ErrBroken, err)
}

// session returns the living mux, dialling where there is none. One caller
// dials at a time; the others wait for it or for their ctx.
func (c *Client) session(ctx context.Context) (*yamux.Session, error) {
	select {
	case c.turn <- struct{}{}:
	case <-ctx.Done():
		return nil, broken(ctx, ctx.Err())
	}
	defer func() { <-c.turn }()
	if c.closed {
		return nil, net.ErrClosed
	}
	if c.mux != nil && !c.mux.IsClosed() {
		return c.mux, nil
	}
	mux, err := c.open(ctx)
	if err != nil {
		return nil, err
	}
	c.mux = mux
	return mux, nil
}

func (c *Client) open(ctx context.Context) (*yamux.Session, error) {
	conn, err := c.dial(ctx)
	if err != nil {
		return nil, fmt.Errorf("%w: dial: %w", ErrBroken, err)
	}
	stop := context.AfterFunc(ctx, func() { _ = conn.Close() })
	err = errors.Join(sendGreeting(conn), readGreeting(conn))
	if !stop() || err != nil {
		_ = conn.Close() // the handshake's error says more
		return nil, fmt.Errorf("handshake: %w", broken(ctx, err))
	}
	mux, err := yamux.Client(conn, c.config)
	if err != nil {
		_ = conn.Close() // the error says more
		return nil, err
	}
	go c.keepAlive(mux)
	return mux, nil
}

// keepAlive gives up a mux whose node does not answer, unless it is frozen on
// purpose, until the mux is closed.
func (c *Client) keepAlive(mux *yamux.Session) {
	tick := time.NewTicker(c.config.KeepAliveInterval)
	defer tick.Stop()
	for {
		select {
		case <-mux.CloseChan():
			return
		case <-tick.C:
		}
		if c.frozen() {
			continue
		}
		if _, err := mux.Ping(); err != nil && !c.frozen() {
			_ = mux.Close() // wakes whoever waits for it
		}
	}
}

func (c *Client) frozen() bool { return c.Frozen != nil && c.Frozen() }

// muxConfig is the same on both sides: a peer that stops answering, frozen or
// gone without a word, is given up within half a minute.
func muxConfig() *yamux.Config {
	config := yamux.DefaultConfig()
	config.KeepAliveInterval = 15 * time.Second
	config.StreamCloseTimeout = 30 * time.Second
	config.LogOutput = io.Discard // every failure also reaches a caller as an error
	return config
}
