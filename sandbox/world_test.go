package sandbox_test

import (
	"context"
	"errors"
	"log/slog"
	"path/filepath"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/greenbox-lab/greenbox/labs"
	"github.com/greenbox-lab/greenbox/labs/progress"
	"github.com/greenbox-lab/greenbox/sandbox"
	"github.com/greenbox-lab/greenbox/sandbox/cluster"
	"github.com/greenbox-lab/greenbox/sandbox/cluster/clustertest"
)

// step is how long the fake machine takes for each stage of a create.
const step = time.Second

var (
	ann = labs.Learner{ID: "ann", Name: "Ann"}
	lab = labs.Lab{ID: "delete-static-pod", Setup: "echo set up", Steps: []labs.Step{{ID: "first"}, {ID: "second", Start: "echo {{team}}"}},
		Vary: []labs.Variable{{Name: "team", Values: []string{"amber"}}}}
)

// world is a fleet with a real database and a fake machine.
type world struct {
	t       *testing.T
	db      *progress.DB
	machine *clustertest.Machine
	cfg     sandbox.Config
	fleet   *sandbox.Fleet
	stop    func() // ends the fleet's Run and waits for it

	mu     sync.Mutex
	events []labs.Session // guarded by mu
}

// inWorld runs do in a bubble of fake time, on a fleet that runs.
func inWorld(t *testing.T, adjust func(*sandbox.Config), do func(*testing.T, *world)) {
	t.Helper()
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t)
		if adjust != nil {
			adjust(&w.cfg)
		}
		w.run()
		do(t, w)
		w.stop()
	})
}

func newWorld(t *testing.T) *world {
	db, err := progress.Open(t.Context(), filepath.Join(t.TempDir(), "greenbox.db"))
	must(t, err)
	t.Cleanup(func() { must(t, db.Close()) })
	must(t, db.EnsureLearner(t.Context(), ann))
	w := &world{t: t, db: db, machine: clustertest.New()}
	w.machine.OnCall(func(ctx context.Context, c clustertest.Call) error { return w.take(ctx, c) })
	w.cfg = sandbox.Config{
		Store: db, Publish: w.publish, Provider: w.machine, Pauser: w.machine, Access: w.machine, Taker: w.machine, Spares: db,
		Labs: func(id string) (labs.Lab, error) {
			if id != lab.ID {
				return labs.Lab{}, labs.ErrNotFound
			}
			return lab, nil
		},
		Parallel: 1, Limit: 2, Log: slog.New(slog.DiscardHandler),
	}
	return w
}

// take is the time that a stage of a create takes.
func (w *world) take(ctx context.Context, c clustertest.Call) error {
	if c.Op != clustertest.Create {
		return nil
	}
	select {
	case <-time.After(step):
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

// fault has calls for which broken answers an error fail with it.
func (w *world) fault(broken func(clustertest.Call) error) {
	w.machine.OnCall(func(ctx context.Context, c clustertest.Call) error {
		if err := broken(c); err != nil {
			return err
		}
		return w.take(ctx, c)
	})
}

// onSetup has the lab's setup come to r.
func (w *world) onSetup(r cluster.Result) {
	w.machine.OnRun(func(c clustertest.Call) cluster.Result {
		if c.Stdin == lab.Setup {
			return r
		}
		return cluster.Result{}
	})
}

// run begins the Run of a new fleet on the same database and machine.
func (w *world) run() {
	ctx, cancel := context.WithCancel(context.Background())
	w.fleet = sandbox.New(w.cfg)
	done := make(chan error, 1)
	go func() { done <- w.fleet.Run(ctx) }()
	w.stop = func() {
		w.t.Helper()
		cancel()
		must(w.t, <-done)
	}
}

// kill ends the fleet as kill -9 does: nothing more is done to the machine.
func (w *world) kill() {
	w.t.Helper()
	synctest.Wait()
	w.machine.Unplug()
	w.stop()
	w.machine.Plug()
}

func (w *world) publish(e labs.Event) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.events = append(w.events, e.(labs.SessionChanged).Now)
}

// told returns what was published of a session.
func (w *world) told(id string) []labs.Session {
	w.mu.Lock()
	defer w.mu.Unlock()
	var list []labs.Session
	for _, s := range w.events {
		if s.ID == id {
			list = append(list, s)
		}
	}
	return list
}

// learner makes a learner known.
func (w *world) learner(name string) labs.Learner {
	w.t.Helper()
	l := labs.Learner{ID: name, Name: name}
	must(w.t, w.db.EnsureLearner(w.t.Context(), l))
	return l
}

func (w *world) start(l labs.Learner, lab labs.Lab) labs.Session {
	w.t.Helper()
	s, created, err := w.fleet.Start(w.t.Context(), l, lab)
	must(w.t, err)
	if !created {
		w.t.Fatalf("start of %s at %s found session %s", l.ID, lab.ID, s.ID)
	}
	return s
}

// ready starts a session and lets it become ready.
func (w *world) ready() labs.Session {
	w.t.Helper()
	s := w.start(ann, lab)
	time.Sleep(time.Minute)
	return w.is(s.ID, labs.Ready)
}

// is fails the test unless the session, once nothing moves any more, is in
// state, for the fleet and in the database alike.
func (w *world) is(id string, state labs.State) labs.Session {
	w.t.Helper()
	synctest.Wait()
	s, err := w.fleet.Session(w.t.Context(), id)
	must(w.t, err)
	row, err := w.db.Session(w.t.Context(), id)
	must(w.t, err)
	if s.State != state || row.State != state {
		w.t.Fatalf("session is %s, its row %s, want %s (%s)", s.State, row.State, state, s.Error)
	}
	return s
}

// machineHas fails the test unless the machine has just these clusters.
func (w *world) machineHas(want ...cluster.State) {
	w.t.Helper()
	synctest.Wait()
	got := w.machine.Clusters()
	same := len(got) == len(want)
	for i := 0; same && i < len(got); i++ {
		same = got[i].State == want[i]
	}
	if !same {
		w.t.Fatalf("the machine has %+v, want %v", got, want)
	}
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// fullDisk is a store that cannot save while full.
type fullDisk struct {
	sandbox.Store
	full atomic.Bool
}

func (d *fullDisk) SaveSession(ctx context.Context, s labs.Session) error {
	if d.full.Load() {
		return errors.New("the disk is full")
	}
	return d.Store.SaveSession(ctx, s)
}
