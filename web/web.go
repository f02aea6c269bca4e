// Package web is what is served: the JSON API under /api/v1 with its OpenAPI
// description, the pages, the event streams, the terminals' websockets, and
// the endpoints for those who run the server. One route is one file named
// noun_verb.go; a handler translates between HTTP and the parts below and
// decides nothing. It returns errors; fail alone makes statuses of them, and
// what a learner reads is never what the log reads.
//
// Who asks is settled once, in authorize: a Bearer token, else the cookie, else
// in solo mode the solo learner. Before any handler runs, the Host must be one
// of ours (a rebound DNS name must not reach a lab without logins), and an unsafe
// request must not come from a foreign page. Scripts send neither Origin nor
// Sec-Fetch-Site and pass; every browser sends one of them, so in solo mode,
// where there is no secret, that is what keeps other pages out. Websockets are
// stricter: their Origin must be ours and present.
//
// web knows no SQL, no Docker and no kind. It holds no state of its own but the
// streams that are open, which end when the server stops.
package web

import (
	"context"
	"errors"
	"io/fs"
	"log/slog"
	"net"
	"net/http"
	"sync"
	"time"

	"github.com/greenbox-lab/greenbox/labs"
	"github.com/greenbox-lab/greenbox/labs/feed"
	"github.com/greenbox-lab/greenbox/labs/progress"
	"github.com/labstack/echo/v4"
	"github.com/prometheus/client_golang/prometheus"
)

// Config is what a Server is made of. All fields but Hosts, Solo, Ready and the two durations are needed.
type Config struct {
	Fleet    Fleet
	Archives Archives
	Catalog  Catalog
	Grader   Grader
	Progress *progress.DB
	Feed     *feed.Feed
	Static   fs.FS                       // the files under /static/
	Port     int                         // that browsers see; loopback hosts must name it
	Hosts    []string                    // further hosts to answer for: "name" with any port, or "name:port"
	Solo     bool                        // whoever brings no login is the solo learner
	Ready    func(context.Context) error // what else must answer for /readyz, or nil

	IdlePause   time.Duration // how long a learner is away until the cluster is paused; 0: for ever
	MaxLifetime time.Duration // of a session that is extended

	Registry *prometheus.Registry
	Log      *slog.Logger
}

// Catalog is where labs are looked up. It may change between two calls, so
// nothing of it is kept.
type Catalog interface {
	Labs() []labs.Lab
	Lab(id string) (labs.Lab, error) // labs.ErrNotFound
	Tracks() []labs.Track            // in order; every lab is in one
	Problems() []error               // what is wrong with labs that are left out: "file:line: what; remedy"
}

// Solo is the learner of solo mode.
func Solo() labs.Learner { return labs.Learner{ID: "solo", Name: "solo"} }

// Server answers HTTP. Use New; Serve or Handler.
type Server struct {
	Config
	echo     *echo.Echo
	metrics  *metrics
	assets   map[string]asset
	markdown markdown
	stopping chan struct{}  // closed when the streams shall end
	streams  sync.WaitGroup // hijacked connections, which http.Server does not wait for
}

// New returns a server with all routes. In solo mode it makes the solo learner.
func New(ctx context.Context, cfg Config) (*Server, error) {
	s := &Server{Config: cfg, echo: echo.New(), markdown: newMarkdown(), stopping: make(chan struct{})}
	var err error
	if s.assets, err = hashAssets(cfg.Static); err != nil {
		return nil, err
	}
	if cfg.Solo {
		if err := cfg.Progress.EnsureLearner(ctx, Solo()); err != nil {
			return nil, err
		}
	}
	s.metrics = newMetrics(cfg.Registry, cfg.Progress, cfg.Log)
	s.routes()
	return s, nil
}

// Handler answers requests where Serve is not wanted.
func (s *Server) Handler() http.Handler { return s.echo }

// The limits of a connection. Attempts are judged within 30 s, on a cluster
// that may have to be resumed first. A server that stops gives them less, so that
// the clusters are paused before whoever stops it loses patience: most attempts
// take a second or two, and one that is cut off counts for nothing.
const (
	headerTimeout   = 10 * time.Second
	requestTimeout  = 2 * time.Minute
	idleTimeout     = 2 * time.Minute
	shutdownTimeout = 15 * time.Second
	maxHeader       = 32 << 10
)

// Serve answers on ln until ctx ends, then stops listening, ends every stream,
// lets requests finish, for shutdownTimeout at most, and returns nil. A Server serves once.
func (s *Server) Serve(ctx context.Context, ln net.Listener) error {
	srv := &http.Server{
		Handler: s.echo, ReadHeaderTimeout: headerTimeout, ReadTimeout: requestTimeout, WriteTimeout: requestTimeout,
		IdleTimeout: idleTimeout, MaxHeaderBytes: maxHeader, ErrorLog: slog.NewLogLogger(s.Log.Handler(), slog.LevelWarn),
	}
	failed := make(chan error, 1)
	go func() { failed <- srv.Serve(ln) }()
	select {
	case err := <-failed:
		close(s.stopping)
		s.streams.Wait()
		return err
	case <-ctx.Done():
	}
	close(s.stopping)
	last, cancel := context.WithTimeout(context.WithoutCancel(ctx), shutdownTimeout)
	defer cancel()
	err := srv.Shutdown(last)
	if errors.Is(err, context.DeadlineExceeded) {
		s.Log.WarnContext(last, "requests were cut off by the stop")
		err = srv.Close()
	}
	s.streams.Wait()
	if last := <-failed; !errors.Is(last, http.ErrServerClosed) {
		err = errors.Join(err, last)
	}
	return err
}

// untilStopping returns a context that ends with ctx and when the server stops.
func (s *Server) untilStopping(ctx context.Context) (context.Context, context.CancelFunc) {
	ctx, cancel := context.WithCancel(ctx)
	go func() {
		select {
		case <-s.stopping:
			cancel()
		case <-ctx.Done():
		}
	}()
	return ctx, cancel
}
