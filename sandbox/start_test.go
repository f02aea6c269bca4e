package sandbox_test

import (
	"bytes"
	"context"
	"errors"
	"log/slog"
	"slices"
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

func TestStartPassesEveryStage(t *testing.T) {
	inWorld(t, nil, func(t *testing.T, w *world) {
		var mu sync.Mutex // both nodes are asked at once
		var script string
		w.machine.OnRun(func(c clustertest.Call) cluster.Result {
			mu.Lock()
			defer mu.Unlock()
			script = c.Node + ": " + c.Stdin
			return cluster.Result{}
		})
		s := w.ready()
		var stages []labs.Stage
		for _, told := range w.told(s.ID) {
			if told.State == labs.Preparing && !slices.Contains(stages, told.Stage) {
				stages = append(stages, told.Stage)
			}
		}
		if !slices.Equal(stages, labs.Stages()) {
			t.Errorf("stages shown: %v", stages)
		}
		if s.Stage != "" || s.Place != 0 || !s.ExpiresAt.IsZero() {
			t.Errorf("a ready session has stage %q, place %d, expiry %v", s.Stage, s.Place, s.ExpiresAt)
		}
		if script != "controlplane: echo set up" {
			t.Errorf("setup ran as %q", script)
		}
		want := cluster.Labels{Session: s.ID, Learner: "ann", Lab: lab.ID, Created: s.CreatedAt, Expires: s.ExpiresAt}
		if c := w.machine.Clusters()[0]; c.Labels != want || c.Name != s.Cluster {
			t.Errorf("the cluster is %+v", c)
		}
	})
}

func TestStartDoesNotWait(t *testing.T) {
	inWorld(t, nil, func(t *testing.T, w *world) {
		w.fault(func(c clustertest.Call) error { return nil })
		begun := time.Now()
		s := w.start(ann, lab)
		if took := time.Since(begun); took > 0 || s.State != labs.Preparing || s.Stage != labs.StageNetwork {
			t.Errorf("after %v the session is %+v", took, s)
		}
		if _, err := w.fleet.Sandbox(t.Context(), s.ID); !errors.Is(err, labs.ErrNotReady) {
			t.Errorf("its sandbox: %v", err)
		}
	})
}

func TestStartTwiceIsOneSession(t *testing.T) {
	inWorld(t, nil, func(t *testing.T, w *world) {
		var mu sync.Mutex
		ids := map[string]bool{}
		news := 0
		var both sync.WaitGroup
		for range 8 {
			both.Go(func() {
				s, created, err := w.fleet.Start(t.Context(), ann, lab)
				mu.Lock()
				defer mu.Unlock()
				if err != nil {
					t.Error(err)
				}
				ids[s.ID] = true
				if created {
					news++
				}
			})
		}
		both.Wait()
		time.Sleep(time.Minute)
		if len(ids) != 1 || news != 1 {
			t.Errorf("%d sessions, %d created", len(ids), news)
		}
		w.machineHas(cluster.Running)
	})
}

func TestLimitOfOpenSessions(t *testing.T) {
	inWorld(t, nil, func(t *testing.T, w *world) {
		first := w.start(ann, labs.Lab{ID: "one"})
		time.Sleep(time.Second)
		second := w.start(ann, labs.Lab{ID: "two"})
		w.start(w.learner("ben"), lab)
		_, _, err := w.fleet.Start(t.Context(), ann, lab)
		var limit *labs.SessionLimitError
		if !errors.As(err, &limit) || limit.Limit != 2 || !slices.Equal(limit.Open, []string{first.ID, second.ID}) {
			t.Fatalf("the third start: %v", err)
		}
		must(t, w.fleet.End(t.Context(), first.ID))
		w.start(ann, lab)
	})
}

func TestLineShowsHonestPlaces(t *testing.T) {
	inWorld(t, nil, func(t *testing.T, w *world) {
		var ids []string
		for _, name := range []string{"a", "b", "c", "d"} {
			ids = append(ids, w.start(w.learner(name), lab).ID)
		}
		places := func() (list []int) {
			synctest.Wait()
			for _, id := range ids {
				s, err := w.fleet.Session(t.Context(), id)
				must(t, err)
				list = append(list, s.Place)
			}
			return list
		}
		if got := places(); !slices.Equal(got, []int{0, 1, 2, 3}) {
			t.Errorf("at first: %v", got)
		}
		must(t, w.fleet.End(t.Context(), ids[2]))
		if got := places(); !slices.Equal(got, []int{0, 1, 0, 2}) {
			t.Errorf("after one left the line: %v", got)
		}
		time.Sleep(5*step + step/2)
		if got := places(); !slices.Equal(got, []int{0, 0, 0, 1}) {
			t.Errorf("after the first was ready: %v", got)
		}
		w.is(ids[0], labs.Ready)
		w.is(ids[1], labs.Preparing)
		if last := w.told(ids[3]); last[len(last)-1].Place != 1 {
			t.Errorf("the page of the last was told %+v", last)
		}
		time.Sleep(time.Minute)
		w.is(ids[3], labs.Ready)
		w.is(ids[2], labs.Ended)
		w.machineHas(cluster.Running, cluster.Running, cluster.Running)
	})
}

func TestFailingStartLeavesNothing(t *testing.T) {
	failAt := func(stage labs.Stage) func(*world) {
		return func(w *world) {
			w.fault(func(c clustertest.Call) error {
				if c.Stage == stage {
					return errors.New("node01 did not join:\nconnection refused")
				}
				return nil
			})
		}
	}
	for _, c := range []struct {
		name  string
		spoil func(*world)
		want  string
	}{
		{"the provider's sentence is shown at the first stage", failAt(labs.StageNetwork), "Node01 did not join: connection refused."},
		{"the provider's sentence is shown at the last stage", failAt(labs.StageReady), "Node01 did not join: connection refused."},
		{"a setup that fails is shown with its last line", func(w *world) {
			w.onSetup(cluster.Result{ExitCode: 7, Output: []byte("begin\nno such file\n\n")})
		}, "The lab's setup failed (exit code 7): no such file."},
		{"a setup that cannot run says so", func(w *world) {
			w.fault(func(c clustertest.Call) error {
				if c.Stdin == lab.Setup {
					return errors.New("broken pipe")
				}
				return nil
			})
		}, "The lab's setup could not run: run a script on controlplane: broken pipe."},
		{"a setup that hangs is given up", func(w *world) {
			w.hangAt(func(c clustertest.Call) bool { return c.Stdin == lab.Setup })
		}, "The lab's setup did not finish within 2m0s: run a script on controlplane: context deadline exceeded."},
		{"a cluster that never comes is given up", func(w *world) { w.hang(clustertest.Create) },
			"The cluster was not ready within 5m0s: context deadline exceeded."},
	} {
		t.Run(c.name, func(t *testing.T) {
			adjust := func(cfg *sandbox.Config) { cfg.StartTimeout = 5 * time.Minute }
			inWorld(t, adjust, func(t *testing.T, w *world) {
				c.spoil(w)
				s := w.start(ann, lab)
				time.Sleep(12 * time.Minute) // two tries
				s = w.is(s.ID, labs.Broken)
				if s.Error != c.want || s.Stage != "" {
					t.Errorf("failed with %q at stage %q, want %q", s.Error, s.Stage, c.want)
				}
				w.machineHas()
				if _, err := w.fleet.Sandbox(t.Context(), s.ID); !errors.Is(err, labs.ErrEnded) {
					t.Errorf("its sandbox: %v", err)
				}
				w.fault(func(clustertest.Call) error { return nil })
				w.machine.OnRun(func(clustertest.Call) cluster.Result { return cluster.Result{} })
				w.ready() // trying again works, in a new session
			})
		})
	}
}

func TestTheLogHasTheWholeOutputOfAFailedSetup(t *testing.T) {
	var log bytes.Buffer
	adjust := func(cfg *sandbox.Config) { cfg.Log = slog.New(slog.NewTextHandler(&log, nil)) }
	inWorld(t, adjust, func(t *testing.T, w *world) {
		w.onSetup(cluster.Result{ExitCode: 7, Output: []byte("kubectl: no such host\ngave up\n")})
		s := w.start(ann, lab)
		time.Sleep(time.Minute)
		w.is(s.ID, labs.Broken)
		if !strings.Contains(log.String(), `output="kubectl: no such host\ngave up\n"`) {
			t.Errorf("logged %s", log.String())
		}
	})
}

func TestClusterThatIsReadyAtTheLastMomentIsReady(t *testing.T) {
	adjust := func(cfg *sandbox.Config) { cfg.StartTimeout = time.Minute }
	inWorld(t, adjust, func(t *testing.T, w *world) {
		w.machine.OnRun(func(c clustertest.Call) cluster.Result {
			if c.Stdin == lab.Setup {
				time.Sleep(time.Hour) // does not look at its deadline
			}
			return cluster.Result{}
		})
		s := w.start(ann, lab)
		time.Sleep(2 * time.Hour)
		w.is(s.ID, labs.Ready)
	})
}

// hang has calls of op block until their ctx ends.
func (w *world) hang(op clustertest.Op) {
	w.hangAt(func(c clustertest.Call) bool { return c.Op == op })
}

// hangAt has calls for which this says so block until their ctx ends.
func (w *world) hangAt(this func(clustertest.Call) bool) {
	w.machine.OnCall(func(ctx context.Context, c clustertest.Call) error {
		if this(c) {
			<-ctx.Done()
			return ctx.Err()
		}
		return nil
	})
}

func TestStoreThatCannotSaveStartsNothing(t *testing.T) {
	inWorld(t, func(cfg *sandbox.Config) { cfg.Store = &fullDisk{Store: cfg.Store} }, func(t *testing.T, w *world) {
		disk := w.cfg.Store.(*fullDisk)
		disk.full.Store(true)
		if _, _, err := w.fleet.Start(t.Context(), ann, lab); err == nil || !strings.Contains(err.Error(), "disk") {
			t.Fatalf("start on a full disk: %v", err)
		}
		w.machineHas()
		disk.full.Store(false)
		w.ready()
	})
}

func TestReadyIsSavedOnceTheDiskHasRoom(t *testing.T) {
	inWorld(t, func(cfg *sandbox.Config) { cfg.Store = &fullDisk{Store: cfg.Store} }, func(t *testing.T, w *world) {
		disk := w.cfg.Store.(*fullDisk)
		s := w.start(ann, lab)
		synctest.Wait()
		disk.full.Store(true)
		time.Sleep(time.Minute)
		w.is(s.ID, labs.Preparing)
		disk.full.Store(false)
		time.Sleep(time.Minute)
		w.is(s.ID, labs.Ready)
	})
}
