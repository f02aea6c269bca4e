package sandbox_test

import (
	"bytes"
	"context"
	"errors"
	"log/slog"
	"strings"
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
