package sandbox_test

import (
	"bytes"
	"errors"
	"log/slog"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/greenbox-lab/greenbox/labs"
	"github.com/greenbox-lab/greenbox/sandbox"
	"github.com/greenbox-lab/greenbox/sandbox/cluster"
	"github.com/greenbox-lab/greenbox/sandbox/cluster/clustertest"
)

// failing has so many tries to make a cluster fail from now on, and counts them all.
func (w *world) failing(tries int64) *atomic.Int64 {
	var tried atomic.Int64
	w.fault(func(c clustertest.Call) error {
		if c.Op == clustertest.Create && c.Stage == labs.StageJoin && tried.Add(1) <= tries {
			return errors.New("node01 did not join")
		}
		return nil
	})
	return &tried
}

func TestFailedStartIsTriedOnceMore(t *testing.T) {
	for _, c := range []struct {
		name  string
		fails int64
		want  labs.State
		tried int64
		stage int // how often the first stage was shown
	}{
		{"one failure is never seen but in the stages", 1, labs.Ready, 2, 2},
		{"two are the end", 2, labs.Broken, 2, 2},
	} {
		t.Run(c.name, func(t *testing.T) {
			inWorld(t, nil, func(t *testing.T, w *world) {
				tried := w.failing(c.fails)
				s := w.start(ann, lab)
				time.Sleep(time.Minute)
				w.is(s.ID, c.want)
				stages := 0
				for _, told := range w.told(s.ID) {
					if told.Stage == labs.StageNetwork {
						stages++
					}
				}
				if tried.Load() != c.tried || stages != c.stage {
					t.Errorf("tried %d times, the first stage shown %d times", tried.Load(), stages)
				}
			})
		})
	}
}

func TestSetupThatFailsOnceGetsAFreshCluster(t *testing.T) {
	inWorld(t, nil, func(t *testing.T, w *world) {
		var setups, made atomic.Int64
		w.machine.OnRun(func(c clustertest.Call) cluster.Result {
			if c.Stdin == lab.Setup && setups.Add(1) == 1 {
				return cluster.Result{ExitCode: 1}
			}
			return cluster.Result{}
		})
		w.fault(func(c clustertest.Call) error {
			if c.Op == clustertest.Create && c.Stage == labs.StageNetwork {
				made.Add(1)
			}
			return nil
		})
		w.ready()
		if setups.Load() != 2 || made.Load() != 2 {
			t.Errorf("%d setups on %d clusters", setups.Load(), made.Load())
		}
		w.machineHas(cluster.Running)
	})
}

func TestEndedStartIsNotTriedAgain(t *testing.T) {
	inWorld(t, nil, func(t *testing.T, w *world) {
		tried := w.failing(0)
		s := w.start(ann, lab)
		time.Sleep(3*step + step/2)
		must(t, w.fleet.End(t.Context(), s.ID))
		time.Sleep(time.Minute)
		w.is(s.ID, labs.Ended)
		if tried.Load() != 1 {
			t.Errorf("tried %d times", tried.Load())
		}
		w.machineHas()
	})
}

func TestFailuresOneAfterTheOtherOpenTheBreaker(t *testing.T) {
	var log bytes.Buffer
	adjust := func(cfg *sandbox.Config) { cfg.Limit, cfg.Log = 0, slog.New(slog.NewTextHandler(&log, nil)) }
	inWorld(t, adjust, func(t *testing.T, w *world) {
		tried := w.failing(1000)
		failed := w.started("a", "b", "c")
		time.Sleep(30 * time.Second)
		for _, id := range failed {
			w.is(id, labs.Broken)
		}
		opened := time.Now()
		ids := w.started("d", "e")
		w.waits(ids[0], 1, labs.WaitBreaker)
		w.waits(ids[1], 2, labs.WaitBreaker)
		if now := w.fleet.Standing(t.Context()); now.Failed != 3 || now.Until.IsZero() || now.Until.After(opened.Add(time.Minute)) {
			t.Errorf("it stands %+v", now)
		}
		time.Sleep(time.Minute + 10*step) // one is tried, and fails twice
		w.is(ids[0], labs.Broken)
		w.waits(ids[1], 1, labs.WaitBreaker)
		before := tried.Load()
		time.Sleep(time.Minute) // the pause is longer now
		if tried.Load() != before {
			t.Error("the pause was no longer than the one before")
		}

		w.failing(0)
		ids = append(ids, w.started("f")...)
		time.Sleep(3 * time.Minute)
		w.is(ids[1], labs.Ready)
		w.is(ids[2], labs.Ready)
		if now := w.fleet.Standing(t.Context()); now.Failed != 0 || !now.Until.IsZero() {
			t.Errorf("after a success it stands %+v", now)
		}
	})
	if !strings.Contains(log.String(), "greenbox doctor") || !strings.Contains(log.String(), "pause=1m0s") || !strings.Contains(log.String(), "pause=2m0s") {
		t.Errorf("the operator was told %s", log.String())
	}
}

func TestTrialThatIsEndedLetsTheNextTry(t *testing.T) {
	inWorld(t, nil, func(t *testing.T, w *world) {
		w.failing(6)
		w.started("a", "b", "c")
		time.Sleep(30 * time.Second)
		ids := w.started("d", "e")
		w.waits(ids[1], 2, labs.WaitBreaker)
		for w.session(ids[0]).State == labs.Queued {
			time.Sleep(step)
		}
		w.waits(ids[1], 1, labs.WaitBreaker)
		must(t, w.fleet.End(t.Context(), ids[0]))
		w.is(ids[1], labs.Preparing)
		time.Sleep(time.Minute)
		w.is(ids[1], labs.Ready)
	})
}

func TestLabsWhoseSetupFailsDoNotOpenTheBreaker(t *testing.T) {
	inWorld(t, nil, func(t *testing.T, w *world) {
		w.onSetup(cluster.Result{ExitCode: 1})
		for _, name := range []string{"a", "b", "c", "d"} {
			id := w.started(name)[0]
			time.Sleep(time.Minute)
			w.is(id, labs.Broken)
		}
	})
}

// session is the session as the fleet has it now.
func (w *world) session(id string) labs.Session {
	w.t.Helper()
	s, err := w.fleet.Session(w.t.Context(), id)
	must(w.t, err)
	return s
}
