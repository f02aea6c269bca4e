package sandbox_test

import (
	"bytes"
	"context"
	"errors"
	"log/slog"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/greenbox-lab/greenbox/labs"
	"github.com/greenbox-lab/greenbox/sandbox"
	"github.com/greenbox-lab/greenbox/sandbox/cluster"
	"github.com/greenbox-lab/greenbox/sandbox/cluster/clustertest"
)

// filled is longer than a spare takes to make.
const filled = 10 * time.Second

func pooled(n int) func(*sandbox.Config) {
	return func(cfg *sandbox.Config) { cfg.Pool = n }
}

// spares returns the machine's spares, which must be paused.
func (w *world) spares(want int) []cluster.Cluster {
	w.t.Helper()
	synctest.Wait()
	var list []cluster.Cluster
	for _, c := range w.machine.Clusters() {
		if c.Labels.Spare {
			list = append(list, c)
		}
		if c.Labels.Spare && c.State != cluster.Paused {
			w.t.Fatalf("spare %s is %s", c.Name, c.State)
		}
	}
	rows, err := w.db.Spares(w.t.Context())
	must(w.t, err)
	if len(list) != want || len(rows) != want {
		w.t.Fatalf("%d spares on the machine, %d rows; want %d", len(list), len(rows), want)
	}
	return list
}

func TestStartTakesASpareAtOnce(t *testing.T) {
	inWorld(t, pooled(1), func(t *testing.T, w *world) {
		time.Sleep(filled)
		spare := w.spares(1)[0]
		release := make(chan struct{})
		w.machine.OnRun(func(c clustertest.Call) cluster.Result {
			if c.Stdin == lab.Setup {
				<-release
			}
			return cluster.Result{}
		})
		begun := time.Now()
		s := w.start(ann, lab)
		if s.State != labs.Preparing || s.Stage != labs.StageReady || s.Cluster != spare.Name || "greenbox-"+s.ID != spare.Name {
			t.Errorf("the start is %+v, the spare %s", s, spare.Name)
		}
		if now := w.is(s.ID, labs.Preparing); now.Stage != labs.StageSetup || time.Since(begun) > 0 {
			t.Errorf("after %s it is %+v", time.Since(begun), now)
		}
		if _, err := w.fleet.Shell(t.Context(), s.ID, labs.Worker); err != nil {
			t.Errorf("a shell during the setup: %v", err)
		}
		if _, err := w.fleet.Sandbox(t.Context(), s.ID); !errors.Is(err, labs.ErrNotReady) {
			t.Errorf("the sandbox during the setup: %v", err)
		}
		w.spares(0)
		close(release)
		w.is(s.ID, labs.Ready)
		w.machineHas(cluster.Running)
		time.Sleep(filled)
		w.spares(1) // made up for
		must(t, w.fleet.End(t.Context(), s.ID))
		w.spares(1)
		w.machineHas(cluster.Paused)
	})
}

func TestTwoLearnersAndOneSpare(t *testing.T) {
	inWorld(t, pooled(1), func(t *testing.T, w *world) {
		time.Sleep(filled)
		ben := w.learner("ben")
		started := make(chan labs.Session, 2)
		for _, l := range []labs.Learner{ann, ben} {
			go func() { started <- w.start(l, lab) }()
		}
		one, two := <-started, <-started
		if one.Cluster == two.Cluster || (one.Stage == labs.StageReady) == (two.Stage == labs.StageReady) {
			t.Errorf("started %+v and %+v", one, two)
		}
		time.Sleep(time.Minute)
		w.is(one.ID, labs.Ready)
		w.is(two.ID, labs.Ready)
		w.spares(1)
		w.machineHas(cluster.Running, cluster.Running, cluster.Paused)
	})
}

func TestSuppliedOnlyWhileNobodyStarts(t *testing.T) {
	inWorld(t, pooled(2), func(t *testing.T, w *world) {
		w.hang(clustertest.Run)
		s := w.start(ann, lab)
		time.Sleep(time.Minute)
		w.is(s.ID, labs.Preparing)
		w.machineHas(cluster.Running)
		w.fault(func(clustertest.Call) error { return nil })
		must(t, w.fleet.End(t.Context(), s.ID))
		time.Sleep(2 * filled)
		w.spares(2)
	})
}

func TestResetSwapsInASpare(t *testing.T) {
	inWorld(t, pooled(1), func(t *testing.T, w *world) {
		s := w.ready()
		time.Sleep(filled)
		spare := w.spares(1)[0]
		var order []clustertest.Op
		w.machine.OnCall(func(ctx context.Context, c clustertest.Call) error {
			if c.Op == clustertest.Delete && c.Cluster != s.Cluster {
				t.Errorf("deleted %s", c.Cluster)
			}
			if c.Op == clustertest.Resume || c.Op == clustertest.Delete {
				order = append(order, c.Op)
			}
			return w.take(ctx, c)
		})
		begun := time.Now()
		must(t, w.fleet.Reset(t.Context(), s.ID))
		now := w.is(s.ID, labs.Ready)
		if time.Since(begun) > 0 || now.Cluster != spare.Name || now.ID != s.ID || now.ResetAt.IsZero() {
			t.Errorf("after %s the session is %+v; the spare was %s", time.Since(begun), now, spare.Name)
		}
		if len(order) != 2 || order[1] != clustertest.Delete {
			t.Errorf("calls %v", order)
		}
		w.machineHas(cluster.Running)
		w.machine.OnCall(w.take)
		must(t, w.fleet.Reset(t.Context(), s.ID)) // without a spare
		time.Sleep(time.Minute)
		if again := w.is(s.ID, labs.Ready); again.Cluster != now.Cluster {
			t.Errorf("came back as %+v", again)
		}
	})
}

// A spare that does not come up costs the learner time, but not the session.
func TestSpareThatFailsIsNoFailedStart(t *testing.T) {
	for _, c := range []struct {
		name string
		op   clustertest.Op
	}{
		{"it cannot be resumed", clustertest.Resume},
		{"it cannot be taken", clustertest.Take},
		{"the lab's setup fails on it", clustertest.Run},
	} {
		t.Run(c.name, func(t *testing.T) {
			inWorld(t, pooled(1), func(t *testing.T, w *world) {
				time.Sleep(filled)
				spare := w.spares(1)[0]
				w.fault(func(call clustertest.Call) error {
					if call.Op == c.op && call.Cluster == spare.Name && w.machine.Clusters()[0].Created.Equal(spare.Created) {
						return errors.New("no such luck")
					}
					return nil
				})
				s := w.start(ann, lab)
				time.Sleep(time.Minute)
				w.is(s.ID, labs.Ready)
				w.spares(1)
				w.machineHas(cluster.Running, cluster.Paused)
			})
		})
	}
}

func TestSparesAfterARestart(t *testing.T) {
	for _, c := range []struct {
		name   string
		before func(*world) // the kill included
		kept   bool
	}{
		{"one that is whole is kept", (*world).kill, true},
		{"one that runs is paused", func(w *world) {
			w.kill()
			must(w.t, w.machine.Resume(w.t.Context(), w.machine.Clusters()[0].Name))
		}, true},
		{"one whose nodes have stopped is made anew", func(w *world) {
			w.kill()
			broken := w.machine.Clusters()[0]
			broken.State = cluster.Broken
			w.machine.Put(broken)
		}, false},
		{"one that is gone is made anew", func(w *world) {
			w.kill()
			w.machine.Lose(w.machine.Clusters()[0].Name)
		}, false},
		{"one that somebody has used is removed", func(w *world) {
			w.kill()
			must(w.t, w.machine.Take(w.t.Context(), w.machine.Clusters()[0].Name))
		}, false},
		{"one without a row is removed", func(w *world) {
			w.kill()
			must(w.t, w.db.DropSpare(w.t.Context(), w.machine.Clusters()[0].Name))
		}, false},
		{"one after an orderly end is kept", func(w *world) { w.stop() }, true},
	} {
		t.Run(c.name, func(t *testing.T) {
			inWorld(t, pooled(1), func(t *testing.T, w *world) {
				time.Sleep(filled)
				name := w.spares(1)[0].Name
				c.before(w)
				w.run()
				time.Sleep(2 * time.Minute)
				if got := w.spares(1)[0].Name; (got == name) != c.kept {
					t.Errorf("the spare was %s, is %s", name, got)
				}
				w.machineHas(cluster.Paused)
			})
		})
	}
}

// fate kills the server before its nth action: nothing that it does afterwards
// reaches the machine or the store.
type fate struct {
	machine *clustertest.Machine
	cut     chan struct{} // closed when it strikes

	mu   sync.Mutex
	left int  // actions until then; guarded by mu
	dead bool // guarded by mu
}

func (f *fate) act() error {
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.left--; f.left == 0 {
		f.dead = true
		f.machine.Unplug()
		close(f.cut)
	}
	if f.dead {
		return errors.New("killed")
	}
	return nil
}

func (f *fate) struck() bool {
	select {
	case <-f.cut:
		return true
	default:
		return false
	}
}

func (f *fate) revive() {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.dead = false
}

// mortalRows and mortalSpares are stores whose writes are actions.
type mortalRows struct {
	sandbox.Store
	fate *fate
}

func (m mortalRows) SaveSession(ctx context.Context, s labs.Session) error {
	if err := m.fate.act(); err != nil {
		return err
	}
	return m.Store.SaveSession(ctx, s)
}

type mortalSpares struct {
	spareRows
	fate *fate
}

type spareRows = sandbox.Spares

func (m mortalSpares) SaveSpare(ctx context.Context, s labs.Spare) error {
	if err := m.fate.act(); err != nil {
		return err
	}
	return m.spareRows.SaveSpare(ctx, s)
}

func (m mortalSpares) DropSpare(ctx context.Context, cluster string) error {
	if err := m.fate.act(); err != nil {
		return err
	}
	return m.spareRows.DropSpare(ctx, cluster)
}

func (m mortalSpares) TakeSpare(ctx context.Context, s labs.Session) error {
	if err := m.fate.act(); err != nil {
		return err
	}
	return m.spareRows.TakeSpare(ctx, s)
}

// A server that is killed between any two things it does for a spare, a start from
// it, a reset and an end leaves nothing that the next one does not put right.
func TestKillBetweenAnyTwoActions(t *testing.T) {
	for nth, reached := 1, true; reached; nth++ {
		synctest.Test(t, func(t *testing.T) {
			w := newWorld(t)
			f := &fate{machine: w.machine, cut: make(chan struct{}), left: nth}
			w.cfg.Pool, w.cfg.Store, w.cfg.Spares = 1, mortalRows{w.db, f}, mortalSpares{w.db, f}
			w.machine.OnCall(func(_ context.Context, c clustertest.Call) error {
				if c.Op == clustertest.List {
					return nil
				}
				return f.act()
			})
			w.run()
			s := w.usePool(f)
			reached = f.struck()
			w.kill()
			f.revive()
			w.run()
			time.Sleep(2 * time.Minute)
			w.afterTheKill(s, nth)
			w.stop()
		})
		if !reached {
			t.Logf("%d actions", nth-1)
		}
	}
}

// usePool has a spare made, taken, swapped in and given up, or as much of it as
// happens before the server is killed.
func (w *world) usePool(f *fate) (s labs.Session) {
	for _, do := range []func() error{
		func() error { return nil },
		func() (err error) { s, _, err = w.fleet.Start(w.t.Context(), ann, lab); return err },
		func() error { return w.fleet.Reset(w.t.Context(), s.ID) },
		func() error { return w.fleet.End(w.t.Context(), s.ID) },
	} {
		if err := do(); err != nil && !f.struck() {
			w.t.Fatal(err)
		}
		time.Sleep(filled)
		if f.struck() {
			return s
		}
	}
	return s
}

func (w *world) afterTheKill(s labs.Session, nth int) {
	w.t.Helper()
	w.spares(1)
	want := []cluster.State{cluster.Paused}
	if s.ID != "" {
		now, err := w.fleet.Session(w.t.Context(), s.ID)
		must(w.t, err)
		if now.State != labs.Ready && now.State != labs.Ended {
			w.t.Errorf("killed at call %d: the session is %+v", nth, now)
		}
		if now.Open() {
			want = []cluster.State{cluster.Running, cluster.Paused}
		}
	}
	got := w.machine.Clusters()
	if len(got) != len(want) {
		w.t.Errorf("killed at call %d: the machine has %+v, want %v", nth, got, want)
	}
}

// A cluster that began as a spare is not left for a minute because its labels name
// nobody.
func TestSessionOnASpareThatEndsDuringAKill(t *testing.T) {
	inWorld(t, pooled(0), func(t *testing.T, w *world) {
		now := time.Now()
		synctest.Wait()
		w.stop()
		ended := labs.Session{ID: "x", LearnerID: ann.ID, LabID: lab.ID, Cluster: "greenbox-y", State: labs.Ended, CreatedAt: now}
		must(t, w.db.SaveSession(t.Context(), ended))
		w.machine.Put(cluster.Cluster{Name: "greenbox-y", Created: now, State: cluster.Running})
		w.run()
		w.machineHas()
	})
}

func TestSupplyRestsWhenSparesCannotBeMade(t *testing.T) {
	var said bytes.Buffer
	adjust := func(cfg *sandbox.Config) {
		cfg.Pool, cfg.Log = 1, slog.New(slog.NewTextHandler(&said, nil))
	}
	inWorld(t, adjust, func(t *testing.T, w *world) {
		tries, broken := 0, true
		w.fault(func(c clustertest.Call) error {
			if c.Op == clustertest.Create && c.Stage == labs.StageNodes && broken {
				tries++
				return errors.New("no space left on device")
			}
			return nil
		})
		time.Sleep(50 * time.Minute)
		const word = "spare clusters cannot be made"
		if n := strings.Count(said.String(), word); tries != 3 || n != 1 {
			t.Errorf("%d tries, said %d times", tries, n)
		}
		if got := w.warmth()[0]; got.Error != "No space left on device." || got.There != 0 || got.Wanted != 1 {
			t.Errorf("the forecast is %+v", got)
		}
		time.Sleep(20 * time.Minute)
		if tries != 4 {
			t.Errorf("%d tries after an hour", tries)
		}
		broken = false
		w.ready()
		time.Sleep(filled)
		w.spares(1)
	})
}

func (w *world) warmth() []sandbox.Warmth {
	w.t.Helper()
	all, err := w.fleet.Warmth(w.t.Context())
	must(w.t, err)
	return all
}

// rooms is a Surveyor that says what it is told to.
type rooms struct{ left func() int }

func (r rooms) Room(context.Context) (cluster.Room, error) {
	return cluster.Room{Clusters: r.left(), Short: labs.WaitMemory}, nil
}

func TestPoolIsSizedByTheRoom(t *testing.T) {
	for _, c := range []struct {
		name            string
		pool, fit, want int
	}{
		{"none on a small machine", -1, 3, 0},
		{"a quarter of what fits", -1, 8, 2},
		{"four on a large one", -1, 100, 4},
		{"as many as are asked for", 3, 100, 3},
		{"but no more than fit", 3, 2, 2},
		{"none when none are asked for", 0, 100, 0},
	} {
		t.Run(c.name, func(t *testing.T) {
			adjust := func(cfg *sandbox.Config) {
				machine := cfg.Provider.(*clustertest.Machine)
				cfg.Pool, cfg.Surveyor = c.pool, rooms{func() int { return c.fit - len(machine.Clusters()) }}
			}
			inWorld(t, adjust, func(t *testing.T, w *world) {
				time.Sleep(5 * time.Minute)
				w.spares(c.want)
			})
		})
	}
}
