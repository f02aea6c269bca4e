package sandbox_test

import (
	"context"
	"errors"
	"fmt"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/greenbox-lab/greenbox/labs"
	"github.com/greenbox-lab/greenbox/sandbox"
	"github.com/greenbox-lab/greenbox/sandbox/cluster"
	"github.com/greenbox-lab/greenbox/sandbox/cluster/clustertest"
)

func TestEndIsSavedAtOnceAndRemovesTheCluster(t *testing.T) {
	inWorld(t, nil, func(t *testing.T, w *world) {
		w.machine.OnCall(func(_ context.Context, c clustertest.Call) error {
			if c.Op == clustertest.Delete {
				time.Sleep(3 * time.Second)
			}
			return nil
		})
		s := w.ready()
		begun := time.Now()
		must(t, w.fleet.End(t.Context(), s.ID))
		if took := time.Since(begun); took > 0 {
			t.Errorf("End took %v", took)
		}
		w.is(s.ID, labs.Ended)
		w.machineHas(cluster.Running)
		must(t, w.fleet.End(t.Context(), s.ID))
		time.Sleep(3 * time.Second)
		w.machineHas()
		must(t, w.fleet.End(t.Context(), s.ID))
		if told := w.told(s.ID); told[len(told)-1].State != labs.Ended || told[len(told)-2].State != labs.Ready {
			t.Errorf("told at last: %+v", told[len(told)-2:])
		}
		if _, err := w.fleet.Sandbox(t.Context(), s.ID); !errors.Is(err, labs.ErrEnded) {
			t.Errorf("its sandbox: %v", err)
		}
	})
}

func TestUnknownSession(t *testing.T) {
	inWorld(t, nil, func(t *testing.T, w *world) {
		_, missing := w.fleet.Session(t.Context(), "nobody")
		_, noSandbox := w.fleet.Sandbox(t.Context(), "nobody")
		for _, err := range []error{missing, noSandbox, w.fleet.End(t.Context(), "nobody")} {
			if !errors.Is(err, labs.ErrNotFound) {
				t.Errorf("got %v", err)
			}
		}
	})
}

func TestEndCancelsTheStart(t *testing.T) {
	for _, stage := range labs.Stages() {
		t.Run("at the stage "+string(stage), func(t *testing.T) {
			inWorld(t, nil, func(t *testing.T, w *world) {
				w.machine.OnCall(func(ctx context.Context, c clustertest.Call) error {
					if c.Stage == stage || c.Stdin == lab.Setup {
						<-ctx.Done()
					}
					return ctx.Err()
				})
				s := w.start(ann, lab)
				time.Sleep(time.Second)
				if s := w.is(s.ID, labs.Preparing); s.Stage != stage {
					t.Fatalf("hangs at %s", s.Stage)
				}
				must(t, w.fleet.End(t.Context(), s.ID))
				if s := w.is(s.ID, labs.Ended); s.Error != "" || s.Stage != "" {
					t.Errorf("ended with error %q, stage %q", s.Error, s.Stage)
				}
				w.machineHas()
				w.fault(func(clustertest.Call) error { return nil })
				w.ready() // the slot is free again
			})
		})
	}
}

func TestRemovalIsTriedUntilTheClusterIsGone(t *testing.T) {
	inWorld(t, nil, func(t *testing.T, w *world) {
		s := w.ready()
		tries := 0
		w.fault(func(c clustertest.Call) error {
			if c.Op == clustertest.Delete {
				if tries++; tries < 4 {
					return errors.New("device busy")
				}
			}
			return nil
		})
		must(t, w.fleet.End(t.Context(), s.ID))
		w.machineHas(cluster.Running)
		time.Sleep(10 * time.Second)
		w.machineHas()
		if tries != 4 {
			t.Errorf("%d tries", tries)
		}
	})
}

func TestSessionsExpire(t *testing.T) {
	adjust := func(cfg *sandbox.Config) { cfg.Lifetime = 4 * time.Hour }
	inWorld(t, adjust, func(t *testing.T, w *world) {
		s := w.start(ann, lab)
		if want := time.Now().Add(4 * time.Hour); !s.ExpiresAt.Equal(want) {
			t.Errorf("expires at %v, want %v", s.ExpiresAt, want)
		}
		time.Sleep(4*time.Hour - time.Second)
		w.is(s.ID, labs.Ready)
		time.Sleep(time.Minute)
		w.is(s.ID, labs.Ended)
		w.machineHas()
	})
}

func TestSessionsExpireWhileTheMachineDoesNotAnswer(t *testing.T) {
	adjust := func(cfg *sandbox.Config) { cfg.Lifetime = time.Hour }
	inWorld(t, adjust, func(t *testing.T, w *world) {
		s := w.ready()
		w.machine.Unplug()
		time.Sleep(time.Hour)
		w.is(s.ID, labs.Ended)
		w.machineHas(cluster.Running)
		w.machine.Plug()
		time.Sleep(time.Minute)
		w.machineHas()
	})
}

// synctest fails the test when a goroutine is left over.
func TestManyCyclesLeaveNothing(t *testing.T) {
	const cycles = 200
	adjust := func(cfg *sandbox.Config) { cfg.Parallel = 3 }
	inWorld(t, adjust, func(t *testing.T, w *world) {
		var n atomic.Int64
		w.fault(func(c clustertest.Call) error {
			if n.Add(1)%17 == 0 && c.Op != clustertest.List {
				return errors.New("bad luck")
			}
			return nil
		})
		for i := range cycles {
			s := w.start(w.learner(fmt.Sprint("learner", i%10)), lab)
			time.Sleep(time.Duration(i%9) * time.Second)
			must(t, w.fleet.End(t.Context(), s.ID))
			synctest.Wait()
		}
		w.fault(func(clustertest.Call) error { return nil })
		time.Sleep(5 * time.Minute)
		w.machineHas()
		open, err := w.db.OpenSessions(t.Context())
		must(t, err)
		if len(open) > 0 {
			t.Errorf("still open: %+v", open)
		}
	})
}
