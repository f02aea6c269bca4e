package agent

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"os"
	"path/filepath"
	"sync"
	"time"

	"github.com/hashicorp/yamux"
)

// acceptPause is the time between attempts to accept a connection.
const acceptPause = time.Second

// serveSocket accepts servers until ctx ends, then ends the shells and waits for
// everything it started.
func serveSocket(ctx context.Context, cfg Config) error {
	listener, err := listen(ctx, cfg.Socket)
	if err != nil {
		return fmt.Errorf("listen for the server: %w", err)
	}
	stop := context.AfterFunc(ctx, func() { _ = listener.Close() })
	defer stop()
	shells := newShells(cfg.Home, cfg.Log)
	var serving sync.WaitGroup
	for ctx.Err() == nil {
		conn, err := listener.Accept()
		if err != nil {
			pauseAfter(ctx, err, cfg.Log)
			continue
		}
		serving.Go(func() { serveConn(ctx, conn, shells, cfg.Log) })
	}
	shells.end()
	serving.Wait()
	return nil
}

// pauseAfter keeps the agent, and so its shells, when a connection could not be
// accepted: the reason, such as too many open files, may pass.
func pauseAfter(ctx context.Context, err error, log *slog.Logger) {
	if ctx.Err() != nil {
		return
	}
	log.Error("the agent cannot accept a connection", "error", err)
	select {
	case <-ctx.Done():
	case <-time.After(acceptPause):
	}
}

// listen takes over the socket of an agent that is gone, not of a living one.
func listen(ctx context.Context, socket string) (net.Listener, error) {
	var dialer net.Dialer
	if conn, err := dialer.DialContext(ctx, "unix", socket); err == nil {
		_ = conn.Close() // only wanted to know
		return nil, errors.New("another agent answers on " + socket)
	}
	if err := os.MkdirAll(filepath.Dir(socket), 0o700); err != nil {
		return nil, err
	}
	if err := os.Remove(socket); err != nil && !errors.Is(err, os.ErrNotExist) {
		return nil, err
	}
	var config net.ListenConfig
	listener, err := config.Listen(ctx, "unix", socket)
	if err != nil {
		return nil, err
	}
	if err := os.Chmod(socket, 0o600); err != nil {
		_ = listener.Close() // the first error says more
		return nil, err
	}
	return listener, nil
}

// serveConn speaks with one server until either side ends the connection.
func serveConn(ctx context.Context, conn net.Conn, shells *shells, log *slog.Logger) {
	stop := context.AfterFunc(ctx, func() { _ = conn.Close() })
	defer stop()
	mux, err := greet(conn)
	if err != nil {
		_ = conn.Close() // the greeting's error says more
		log.Warn("a connection to the agent did not start", "error", err)
		return
	}
	var serving sync.WaitGroup
	for {
		stream, err := mux.AcceptStream()
		if err != nil {
			break
		}
		serving.Go(func() { serveStream(stream, shells, log) }) //nolint:contextcheck // what it runs ends with the stream
	}
	_ = mux.Close() // closed already, or about to be
	serving.Wait()
}

// greet answers the client's greeting, even a strange one: so both sides can say
// what they met.
func greet(conn net.Conn) (*yamux.Session, error) {
	if err := conn.SetDeadline(time.Now().Add(openTimeout)); err != nil {
		return nil, err
	}
	heard := readGreeting(conn)
	if err := errors.Join(heard, sendGreeting(conn)); err != nil {
		return nil, err
	}
	if err := conn.SetDeadline(time.Time{}); err != nil {
		return nil, err
	}
	return yamux.Server(conn, muxConfig())
}

// serveStream answers one request.
func serveStream(stream *yamux.Stream, shells *shells, log *slog.Logger) {
	defer func() { _ = stream.Close() }()                   // whatever became of it, it is over
	_ = stream.SetReadDeadline(time.Now().Add(openTimeout)) // never fails
	var req request
	if err := readMessage(stream, &req); err != nil {
		log.Warn("a request did not arrive", "error", err)
		return
	}
	_ = stream.SetReadDeadline(time.Time{}) // never fails
	var err error
	switch {
	case req.Attach != nil:
		err = serveAttach(stream, shells, *req.Attach)
	case req.ReadFile != nil:
		err = serveFile(stream, *req.ReadFile)
	case req.Watch != nil:
		err = serveWatch(stream, *req.Watch)
	case req.Run != nil:
		err = serveRun(stream, *req.Run, shells.home)
	default:
		err = errors.New("a request of a kind that this agent does not know")
	}
	if err != nil {
		_ = writeMessage(stream, response{Error: newRemoteError(err)}) // the caller may have left
	}
}

// isClosed reports whether err only says that the other side has left.
func isClosed(err error) bool {
	return errors.Is(err, net.ErrClosed) || errors.Is(err, io.EOF) || errors.Is(err, io.ErrClosedPipe)
}
