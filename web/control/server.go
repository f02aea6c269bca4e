package control

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"net"
	"net/http"
	"os"
	"strconv"
	"time"

	"github.com/greenbox-lab/greenbox/labs"
)

// Server answers commands on a socket. All of its fields are needed.
type Server struct {
	Desk  Desk
	Fleet Fleet
	Log   *slog.Logger
}

const (
	headerTimeout = 10 * time.Second
	callTimeout   = 5 * time.Minute  // of one command
	stopTimeout   = 10 * time.Second // for commands under way when the server stops
)

// Listen makes the socket at path. One that a killed server left is replaced, so
// whoever calls this must be the only server of the data folder.
func Listen(ctx context.Context, path string) (net.Listener, error) {
	if err := os.Remove(path); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return nil, fmt.Errorf("replace the commands' socket: %w", err)
	}
	ln, err := (&net.ListenConfig{}).Listen(ctx, "unix", path)
	if err != nil {
		return nil, fmt.Errorf("make the commands' socket: %w", err)
	}
	if err := os.Chmod(path, 0o600); err != nil {
		return nil, errors.Join(fmt.Errorf("close the commands' socket to others: %w", err), ln.Close())
	}
	return ln, nil
}

// Serve answers on ln until ctx ends, which removes the socket, then waits for the
// commands under way, stopTimeout at most.
func (s *Server) Serve(ctx context.Context, ln net.Listener) error {
	srv := &http.Server{Handler: s.Handler(), ReadHeaderTimeout: headerTimeout, ErrorLog: slog.NewLogLogger(s.Log.Handler(), slog.LevelWarn)}
	failed := make(chan error, 1)
	go func() { failed <- srv.Serve(ln) }()
	select {
	case err := <-failed:
		return err
	case <-ctx.Done():
	}
	last, cancel := context.WithTimeout(context.WithoutCancel(ctx), stopTimeout)
	defer cancel()
	err := srv.Shutdown(last)
	if errors.Is(err, context.DeadlineExceeded) {
		err = srv.Close()
	}
	if last := <-failed; !errors.Is(last, http.ErrServerClosed) {
		err = errors.Join(err, last)
	}
	return err
}

// Handler answers the commands' requests.
func (s *Server) Handler() http.Handler {
	mux := http.NewServeMux()
	mux.Handle("GET /clusters", s.answer(func(ctx context.Context, r *http.Request) (any, error) {
		measured, _ := strconv.ParseBool(r.URL.Query().Get("measured")) // what is not said is no
		return s.Desk.Clusters(ctx, measured)
	}))
	mux.Handle("DELETE /clusters/{name}", s.answer(func(ctx context.Context, r *http.Request) (any, error) {
		return struct{}{}, s.Desk.Remove(ctx, r.PathValue("name"))
	}))
	mux.Handle("POST /sweep", s.answer(func(ctx context.Context, r *http.Request) (any, error) {
		dry, _ := strconv.ParseBool(r.URL.Query().Get("dry")) // what is not said is no
		return s.Desk.Sweep(ctx, dry)
	}))
	mux.Handle("GET /queue", s.answer(s.queue))
	mux.Handle("PUT /queue", s.answer(s.setMaxClusters))
	mux.Handle("DELETE /queue", s.answer(func(ctx context.Context, _ *http.Request) (any, error) { return s.Fleet.ClearQueue(ctx) }))
	mux.Handle("GET /warm", s.answer(func(ctx context.Context, _ *http.Request) (any, error) { return s.Fleet.Warmth(ctx) }))
	mux.Handle("PUT /warm/{lab}", s.answer(s.warm))
	return mux
}

// failure is the body of an answer that is an error.
type failure struct {
	Error string `json:"error"`
}

func (s *Server) answer(do func(context.Context, *http.Request) (any, error)) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		ctx, cancel := context.WithTimeout(r.Context(), callTimeout)
		defer cancel()
		body, err := do(ctx, r)
		status := http.StatusOK
		if err != nil {
			s.Log.WarnContext(ctx, "a command failed", "command", r.Method+" "+r.URL.Path, "error", err)
			status, body = http.StatusInternalServerError, failure{err.Error()}
			if errors.Is(err, labs.ErrNotFound) {
				status = http.StatusNotFound
			}
		}
		w.Header().Set("Content-Type", "application/json")
		w.WriteHeader(status)
		_ = json.NewEncoder(w).Encode(body) // whoever asked has gone
	})
}
