package sandbox_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"path/filepath"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/greenbox-lab/greenbox/labs"
	"github.com/greenbox-lab/greenbox/sandbox"
	"github.com/greenbox-lab/greenbox/sandbox/cluster"
	"github.com/greenbox-lab/greenbox/sandbox/cluster/clustertest"
)

func TestSecondSpareIsTheOneThatIsSetUp(t *testing.T) {
	w := newWorld(t)
	w.machine.OnCall(func(context.Context, clustertest.Call) error { return nil })
	socket := serveAgent(t)
	var mu sync.Mutex
	var dialled []string
	w.machine.OnDial(func(ctx context.Context, c clustertest.Call) (io.ReadWriteCloser, error) {
		mu.Lock()
		defer mu.Unlock()
		dialled = append(dialled, c.Cluster)
		return new(net.Dialer).DialContext(ctx, "unix", socket)
	})
	w.cfg.Pool = 2
	w.run()
	defer w.stop()
	for deadline := time.Now().Add(time.Minute); w.warmth()[0].There < 2; time.Sleep(5 * time.Millisecond) {
		if time.Now().After(deadline) {
			t.Fatal("there are no spares")
		}
	}
	done := filepath.Join(t.TempDir(), "done")
	fails := fmt.Sprintf("test -e %[1]s || { touch %[1]s; exit 1; }", done) // the first time
	s := w.sandbox(w.start(ann, labs.Lab{ID: "plain", Setup: fails}).ID).Session()
	mu.Lock()
	defer mu.Unlock()
	if s.Cluster == "greenbox-"+s.ID || !slices.Equal(dialled, []string{"greenbox-" + s.ID, s.Cluster}) {
		t.Errorf("the session %s has %s; set up were %v", s.ID, s.Cluster, dialled)
	}
}

func TestClustersOfBeforeGoTogether(t *testing.T) {
	inWorld(t, pooled(2), func(t *testing.T, w *world) {
		s := w.ready()
		time.Sleep(2 * filled)
		first := w.spares(2)[0].Name
		w.fault(func(c clustertest.Call) error {
			if c.Op == clustertest.Resume && c.Cluster == first {
				return errors.New("no such luck")
			}
			return nil
		})
		must(t, w.fleet.Reset(t.Context(), s.ID))
		now := w.is(s.ID, labs.Ready)
		if now.Cluster == s.Cluster || now.Cluster == first {
			t.Errorf("it has %s; before it had %s and the spare %s", now.Cluster, s.Cluster, first)
		}
		w.machineHas(cluster.Running)
	})
}

func TestWhoWaitsForRoomHasTheSpareThatBecomesReady(t *testing.T) {
	adjust := func(cfg *sandbox.Config) {
		machine := cfg.Provider.(*clustertest.Machine)
		machine.SetRoom(1, labs.WaitMemory)
		cfg.Surveyor, cfg.Pool = machine, 1
	}
	inWorld(t, adjust, func(t *testing.T, w *world) {
		time.Sleep(3 * step) // the spare is being made
		ids := w.started("ann", "ben")
		w.waits(ids[0], 1, labs.WaitMemory)
		time.Sleep(filled)
		w.is(ids[0], labs.Ready)
		w.waits(ids[1], 1, labs.WaitMemory)
		w.machineHas(cluster.Running)
	})
}

func TestNobodyTakesASparePastWhoWaits(t *testing.T) {
	for _, c := range []struct {
		name  string
		first bool // in line is still there when there is a slot again
	}{
		{"the first in line has it", true},
		{"the next one where the first has gone", false},
	} {
		t.Run(c.name, func(t *testing.T) {
			inWorld(t, pooled(1), func(t *testing.T, w *world) {
				time.Sleep(3 * step) // the spare is being made
				slow := w.started("slow")[0]
				w.machine.OnCall(func(ctx context.Context, call clustertest.Call) error {
					if call.Op == clustertest.Create && call.Cluster == "greenbox-"+slow {
						<-ctx.Done()
					}
					return w.take(ctx, call)
				})
				ann := w.started("ann")[0]
				time.Sleep(filled)
				spare := w.spares(1)[0].Name
				ben := w.started("ben")[0]
				w.waits(ann, 1, labs.WaitTurn)
				w.waits(ben, 2, labs.WaitTurn)
				has := ann
				if !c.first {
					must(t, w.fleet.End(t.Context(), ann))
					has = ben
				}
				must(t, w.fleet.End(t.Context(), slow))
				if s := w.is(has, labs.Ready); s.Cluster != spare {
					t.Errorf("it has %s, the spare was %s", s.Cluster, spare)
				}
			})
		})
	}
}

func TestSparesAndSessionsKeepToTheLimitTogether(t *testing.T) {
	adjust := func(cfg *sandbox.Config) { cfg.Pool, cfg.MaxClusters = 3, 2 }
	inWorld(t, adjust, func(t *testing.T, w *world) {
		time.Sleep(time.Minute)
		w.spares(2)
		if got := w.warmth()[0]; got.Fits || got.Short != labs.WaitLimit || got.There != 2 {
			t.Errorf("the forecast is %+v", got)
		}
		ids := w.started("ann")
		time.Sleep(time.Minute)
		w.is(ids[0], labs.Ready)
		w.spares(1)
		ids = append(ids, w.started("ben", "cat")...)
		w.is(ids[1], labs.Ready)
		w.waits(ids[2], 1, labs.WaitLimit)
		must(t, w.fleet.End(t.Context(), ids[0]))
		time.Sleep(time.Minute)
		w.is(ids[2], labs.Ready)
		w.fleet.SetMaxClusters(4)
		time.Sleep(time.Minute)
		w.spares(2)
		w.fleet.SetMaxClusters(3)
		time.Sleep(time.Minute)
		w.spares(1)
		w.machineHas(cluster.Running, cluster.Running, cluster.Paused)
	})
}

func TestSpareThatDoesNotFitYieldsToWhoWaitsForTheLimit(t *testing.T) {
	adjust := func(cfg *sandbox.Config) {
		offering(shelve(varied))(cfg)
		cfg.MaxClusters = 1
	}
	inWorld(t, adjust, func(t *testing.T, w *world) {
		must(t, w.fleet.Warm(t.Context(), varied.ID, 1))
		time.Sleep(filled)
		w.spares(1)
		s := w.start(ann, lab)
		w.waits(s.ID, 1, labs.WaitLimit)
		time.Sleep(time.Minute)
		w.is(s.ID, labs.Ready)
		w.machineHas(cluster.Running)
	})
}
