package sandbox

import (
	"cmp"
	"context"
	"log/slog"
	"time"

	"github.com/greenbox-lab/greenbox/labs"
	"github.com/greenbox-lab/greenbox/sandbox/archive"
	"github.com/greenbox-lab/greenbox/sandbox/cluster"
)

// Store keeps the sessions' rows. Its errors for a missing row are labs.ErrNotFound.
type Store interface {
	SaveSession(ctx context.Context, s labs.Session) error // inserts or replaces
	Session(ctx context.Context, id string) (labs.Session, error)
	SessionOn(ctx context.Context, cluster string) (labs.Session, error)
	OpenSessions(ctx context.Context) ([]labs.Session, error) // every learner's, oldest first
}

// Config is what a Fleet works with.
type Config struct {
	Store    Store
	Publish  func(labs.Event)                  // told of each change once it is saved; must not block; may be nil
	Labs     func(id string) (labs.Lab, error) // for restores, resets and starts that a crash cut short
	Provider cluster.Provider
	Pauser   cluster.Pauser
	Access   cluster.Access
	Surveyor cluster.Surveyor // nil: there is always room
	Taker    cluster.Taker
	Spares   Spares

	Archives *archive.Archives                                                                          // where the work of ended sessions is kept; nil: nowhere
	Verdicts func(ctx context.Context, sessionID string, steps []labs.Step) ([]labs.StepVerdict, error) // for archives; may be nil

	Pool         int           // spares for any lab; negative: by the room on the machine
	Lifetime     time.Duration // of a session; 0: it never expires
	Extension    time.Duration // what Extend adds to it
	MaxLifetime  time.Duration // of a session that is extended
	IdlePause    time.Duration // how long a learner is away until the cluster is paused; 0: for ever
	Limit        int           // open sessions per learner; 0: no limit
	Parallel     int           // starts at once; 0: one
	MaxClusters  int           // spares included; 0: as many as there is room for
	StartTimeout time.Duration // for the cluster and the lab's setup, not the wait in line; 0: ten minutes
	Log          *slog.Logger  // nil: slog.Default()
	Observe      Observer      // nil: nobody
}

func (c Config) withDefaults() Config {
	if c.Publish == nil {
		c.Publish = func(labs.Event) {}
	}
	if c.Log == nil {
		c.Log = slog.Default()
	}
	if c.Observe == nil {
		c.Observe = blind{}
	}
	c.Parallel = max(c.Parallel, 1)
	c.StartTimeout = cmp.Or(c.StartTimeout, 10*time.Minute)
	return c
}

// The deadlines of what the Fleet waits for.
const (
	callTimeout   = 10 * time.Second // a caller, for the Fleet to be able to answer
	saveTimeout   = 15 * time.Second // one change, to be saved after those before it
	listTimeout   = 30 * time.Second
	resumeTimeout = 3 * time.Minute // nodes that have stopped boot
	pauseTimeout  = 20 * time.Second
	deleteTimeout = 30 * time.Second // one try
)
