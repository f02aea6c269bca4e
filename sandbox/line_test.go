package sandbox_test

import (
	"context"
	"errors"
	"testing"
	"testing/synctest"
	"time"

	"github.com/greenbox-lab/greenbox/labs"
	"github.com/greenbox-lab/greenbox/sandbox"
	"github.com/greenbox-lab/greenbox/sandbox/cluster"
	"github.com/greenbox-lab/greenbox/sandbox/cluster/clustertest"
)

// inSmallWorld is inWorld with three slots, on a machine with room for so many clusters.
func inSmallWorld(t *testing.T, room int, do func(*testing.T, *world)) {
	t.Helper()
	adjust := func(cfg *sandbox.Config) {
		machine := cfg.Provider.(*clustertest.Machine)
		machine.SetRoom(room, labs.WaitMemory)
		cfg.Surveyor, cfg.Parallel = machine, 3
	}
	inWorld(t, adjust, do)
}

// started starts a session for each name, one after the other.
func (w *world) started(names ...string) []string {
	w.t.Helper()
	var ids []string
	for _, name := range names {
		ids = append(ids, w.start(w.learner(name), lab).ID)
		time.Sleep(time.Millisecond) // so that the store knows their order
	}
	return ids
}

// waits fails the test unless the session stands in line there, for that reason.
func (w *world) waits(id string, place int, wait labs.Wait) {
	w.t.Helper()
	s := w.is(id, labs.Queued)
	if s.Place != place || s.Wait != wait {
		w.t.Fatalf("session waits at place %d for %q, want %d for %q", s.Place, s.Wait, place, wait)
	}
	if told := w.told(id); told[len(told)-1] != s {
		w.t.Fatalf("its page was told %+v, it is %+v", told[len(told)-1], s)
	}
}

func TestStartsWaitForRoomInOrder(t *testing.T) {
	inSmallWorld(t, 1, func(t *testing.T, w *world) {
		ids := w.started("ann", "ben", "cat")
		time.Sleep(step)
		w.is(ids[0], labs.Preparing)
		w.waits(ids[1], 1, labs.WaitMemory)
		w.waits(ids[2], 2, labs.WaitMemory)
		time.Sleep(time.Minute)
		w.is(ids[0], labs.Ready)
		w.waits(ids[1], 1, labs.WaitMemory)

		must(t, w.fleet.End(t.Context(), ids[0])) // room returns
		time.Sleep(step)
		w.is(ids[1], labs.Preparing)
		w.waits(ids[2], 1, labs.WaitMemory)
		time.Sleep(time.Minute)
		w.is(ids[1], labs.Ready)

		w.machine.SetRoom(2, labs.WaitDisk) // by itself
		time.Sleep(time.Minute)
		w.is(ids[2], labs.Ready)
	})
}

// late is a machine that counts no cluster before it runs.
type late struct{ *clustertest.Machine }

func (m late) Room(context.Context) (cluster.Room, error) {
	room := cluster.Room{Clusters: 2, Short: labs.WaitNetworks}
	for _, c := range m.Clusters() {
		if c.State == cluster.Running {
			room.Clusters--
		}
	}
	return room, nil
}

func TestRoomIsGivenOnce(t *testing.T) {
	adjust := func(cfg *sandbox.Config) {
		cfg.Parallel, cfg.Surveyor = 3, late{cfg.Provider.(*clustertest.Machine)}
	}
	inWorld(t, adjust, func(t *testing.T, w *world) {
		w.hang(clustertest.Create)
		ids := w.started("ann", "ben", "cat", "dan")
		time.Sleep(time.Minute)
		w.is(ids[0], labs.Preparing)
		w.is(ids[1], labs.Preparing)
		w.waits(ids[2], 1, labs.WaitNetworks)
		w.waits(ids[3], 2, labs.WaitNetworks)
		must(t, w.fleet.End(t.Context(), ids[0]))
		time.Sleep(time.Minute)
		w.is(ids[2], labs.Preparing)
		w.waits(ids[3], 1, labs.WaitNetworks)
	})
}

func TestResetNeedsNoRoom(t *testing.T) {
	inSmallWorld(t, 1, func(t *testing.T, w *world) {
		s := w.ready()
		w.started("ben")
		time.Sleep(step)
		must(t, w.fleet.Reset(t.Context(), s.ID))
		w.is(s.ID, labs.Preparing)
		time.Sleep(time.Minute)
		w.is(s.ID, labs.Ready)
	})
}

func TestMachineThatCannotBeCountedStartsNothing(t *testing.T) {
	inSmallWorld(t, 1, func(t *testing.T, w *world) {
		w.fault(func(c clustertest.Call) error {
			if c.Op == clustertest.Room {
				return errors.New("the engine does not answer")
			}
			return nil
		})
		s := w.start(ann, lab)
		time.Sleep(time.Minute)
		w.waits(s.ID, 1, labs.WaitTurn)
		w.fault(func(clustertest.Call) error { return nil })
		time.Sleep(time.Minute)
		w.is(s.ID, labs.Ready)
	})
}

func TestMaxClusters(t *testing.T) {
	adjust := func(cfg *sandbox.Config) { cfg.Parallel, cfg.MaxClusters = 3, 1 }
	inWorld(t, adjust, func(t *testing.T, w *world) {
		ids := w.started("ann", "ben", "cat")
		w.waits(ids[1], 1, labs.WaitLimit)
		w.fleet.SetMaxClusters(2)
		w.is(ids[1], labs.Preparing)
		w.waits(ids[2], 1, labs.WaitLimit)
		time.Sleep(time.Minute)
		w.waits(ids[2], 1, labs.WaitLimit)
		must(t, w.fleet.End(t.Context(), ids[0]))
		w.is(ids[2], labs.Preparing)
		w.fleet.SetMaxClusters(1) // nobody loses a cluster
		time.Sleep(time.Minute)
		w.machineHas(cluster.Running, cluster.Running)
		w.waits(w.started("dan")[0], 1, labs.WaitLimit)
		w.fleet.SetMaxClusters(0)
		time.Sleep(time.Minute)
		w.machineHas(cluster.Running, cluster.Running, cluster.Running)
	})
}

func TestClearQueue(t *testing.T) {
	inSmallWorld(t, 1, func(t *testing.T, w *world) {
		ids := w.started("ann", "ben", "cat")
		time.Sleep(time.Minute)
		ended, err := w.fleet.ClearQueue(t.Context())
		must(t, err)
		if s := w.is(ids[1], labs.Broken); ended != 2 || s.Error == "" || s.Wait != "" || s.Place != 0 {
			t.Errorf("%d sessions ended, one as %+v", ended, s)
		}
		w.is(ids[0], labs.Ready)
		w.is(ids[2], labs.Broken)
		must(t, w.fleet.End(t.Context(), ids[0]))
		w.ready()
	})
}

func TestClearQueueKeepsClustersThatAreReset(t *testing.T) {
	inWorld(t, nil, func(t *testing.T, w *world) {
		s := w.ready()
		ben := w.started("ben")[0]
		must(t, w.fleet.Reset(t.Context(), s.ID))
		w.waits(s.ID, 1, labs.WaitTurn)
		if ended, err := w.fleet.ClearQueue(t.Context()); ended != 0 || err != nil {
			t.Errorf("%d sessions ended, %v", ended, err)
		}
		time.Sleep(time.Minute)
		w.is(s.ID, labs.Ready)
		w.is(ben, labs.Ready)
	})
}

func TestStandingTellsWhoWaits(t *testing.T) {
	inSmallWorld(t, 1, func(t *testing.T, w *world) {
		ids := w.started("ann", "ben", "cat")
		time.Sleep(step)
		w.fleet.SetMaxClusters(7)
		now := w.fleet.Standing(t.Context())
		if now.Slots != 3 || now.Starting != 1 || now.Clusters != 1 || now.Max != 7 || *now.Room != (cluster.Room{Short: labs.WaitMemory}) {
			t.Errorf("it stands %+v", now)
		}
		if len(now.Waiting) != 2 || now.Waiting[0].ID != ids[1] || now.Waiting[1].ID != ids[2] || now.Waiting[1].Place != 2 || now.Waiting[1].Wait != labs.WaitMemory {
			t.Errorf("there wait %+v", now.Waiting)
		}
		w.machine.Unplug()
		if now := w.fleet.Standing(t.Context()); now.Room != nil {
			t.Errorf("a machine that does not answer has room for %+v", now.Room)
		}
		w.machine.Plug()
	})
}

func TestRestartKeepsWhoWaits(t *testing.T) {
	inSmallWorld(t, 1, func(t *testing.T, w *world) {
		ids := w.started("ann", "ben", "cat")
		time.Sleep(2 * step)
		for range 2 { // killed while one is half made, then while it is ready
			w.kill()
			w.run()
			time.Sleep(time.Minute)
			w.is(ids[0], labs.Ready)
			w.waits(ids[1], 1, labs.WaitMemory)
			w.waits(ids[2], 2, labs.WaitMemory)
		}
		must(t, w.fleet.End(t.Context(), ids[0]))
		time.Sleep(time.Minute)
		w.is(ids[1], labs.Ready)
		w.waits(ids[2], 1, labs.WaitMemory)
	})
}

func TestWhoEndsWhileWaitingLeavesTheLine(t *testing.T) {
	inSmallWorld(t, 1, func(t *testing.T, w *world) {
		ids := w.started("ann", "ben", "cat")
		synctest.Wait()
		must(t, w.fleet.End(t.Context(), ids[1]))
		time.Sleep(time.Minute)
		w.waits(ids[2], 1, labs.WaitMemory)
		must(t, w.fleet.End(t.Context(), ids[0]))
		time.Sleep(time.Minute)
		w.is(ids[2], labs.Ready)
		w.machineHas(cluster.Running)
	})
}
