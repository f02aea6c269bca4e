package sandbox_test

import (
	"context"
	"errors"
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

// calls counts the deletes and begun creates of clusters.
func (w *world) calls(deletes, creates *int) {
	w.machine.OnCall(func(ctx context.Context, c clustertest.Call) error {
		switch {
		case c.Op == clustertest.Delete:
			*deletes++
		case c.Op == clustertest.Create && c.Stage == labs.StageNetwork:
			*creates++
		}
		return w.take(ctx, c)
	})
}

func TestResetMakesANewCluster(t *testing.T) {
	for _, c := range []struct {
		name   string
		before func(*world) labs.Session
	}{
		{"of a ready session", (*world).ready},
		{"of a paused session", func(w *world) labs.Session {
			s := w.ready()
			w.stop()
			w.run()
			return w.is(s.ID, labs.Paused)
		}},
		{"of a session that was reset before", func(w *world) labs.Session {
			s := w.ready()
			must(w.t, w.fleet.Reset(w.t.Context(), s.ID))
			time.Sleep(time.Minute)
			return w.is(s.ID, labs.Ready)
		}},
	} {
		t.Run(c.name, func(t *testing.T) {
			inWorld(t, nil, func(t *testing.T, w *world) {
				was := c.before(w)
				made := w.machine.Clusters()[0].Created
				var deletes, creates int
				w.calls(&deletes, &creates)
				time.Sleep(time.Second)
				must(t, w.fleet.Reset(t.Context(), was.ID))
				if s := w.is(was.ID, labs.Preparing); !s.ResetAt.After(was.ResetAt) || !s.ResetAt.After(was.CreatedAt) {
					t.Errorf("while it is reset: %+v", s)
				}
				must(t, w.fleet.Reset(t.Context(), was.ID)) // does nothing more
				time.Sleep(time.Minute)
				s := w.is(was.ID, labs.Ready)
				row, err := w.db.Session(t.Context(), was.ID)
				must(t, err)
				if !row.ResetAt.Equal(s.ResetAt) || !s.CreatedAt.Equal(was.CreatedAt) || s.Error != "" {
					t.Errorf("came back as %+v, saved as %+v", s, row)
				}
				w.machineHas(cluster.Running)
				if now := w.machine.Clusters()[0].Created; !now.After(made) || deletes != 1 || creates != 1 {
					t.Errorf("%d deletes, %d creates; cluster of %v, before of %v", deletes, creates, now, made)
				}
			})
		})
	}
}

func TestResetSetsTheLabUpAgain(t *testing.T) {
	inWorld(t, nil, func(t *testing.T, w *world) {
		s := w.ready()
		var mu sync.Mutex // both nodes are asked at once
		var ran []string
		w.machine.OnRun(func(c clustertest.Call) cluster.Result {
			mu.Lock()
			defer mu.Unlock()
			ran = append(ran, c.Stdin)
			return cluster.Result{}
		})
		must(t, w.fleet.Reset(t.Context(), s.ID))
		time.Sleep(time.Minute)
		w.is(s.ID, labs.Ready)
		if len(ran) != 3 || ran[2] != lab.Setup {
			t.Errorf("ran %q", ran)
		}
	})
}

func TestResetThatIsRefused(t *testing.T) {
	inWorld(t, nil, func(t *testing.T, w *world) {
		ended := w.ready()
		must(t, w.fleet.End(t.Context(), ended.ID))
		failed := w.start(w.learner("ben"), labs.Lab{ID: "broken", Setup: "x"})
		w.machine.OnRun(func(clustertest.Call) cluster.Result { return cluster.Result{ExitCode: 1} })
		time.Sleep(time.Minute)
		w.is(failed.ID, labs.Broken)
		w.machine.OnRun(func(clustertest.Call) cluster.Result { return cluster.Result{} })
		withdrawn := w.start(w.learner("cem"), labs.Lab{ID: "withdrawn"})
		time.Sleep(time.Minute)
		for id, want := range map[string]error{
			ended.ID: labs.ErrEnded, failed.ID: labs.ErrEnded, withdrawn.ID: labs.ErrNotFound, "nobody": labs.ErrNotFound,
		} {
			if err := w.fleet.Reset(t.Context(), id); !errors.Is(err, want) {
				t.Errorf("%s: %v, want %v", id, err, want)
			}
		}
		w.is(withdrawn.ID, labs.Ready)
	})
}

func TestResetOfAStartDoesNothing(t *testing.T) {
	inWorld(t, nil, func(t *testing.T, w *world) {
		making := w.start(ann, lab)
		waiting := w.start(w.learner("ben"), lab)
		time.Sleep(step)
		must(t, w.fleet.Reset(t.Context(), making.ID))
		must(t, w.fleet.Reset(t.Context(), waiting.ID))
		w.is(waiting.ID, labs.Queued)
		time.Sleep(time.Minute)
		for _, id := range []string{making.ID, waiting.ID} {
			if s := w.is(id, labs.Ready); !s.ResetAt.IsZero() {
				t.Errorf("reset at %v", s.ResetAt)
			}
		}
	})
}

func TestResetStandsInLine(t *testing.T) {
	inWorld(t, nil, func(t *testing.T, w *world) {
		s := w.ready()
		w.start(w.learner("ben"), lab)
		must(t, w.fleet.Reset(t.Context(), s.ID))
		if s := w.is(s.ID, labs.Queued); s.Place != 1 {
			t.Errorf("place %d", s.Place)
		}
		time.Sleep(time.Minute)
		w.is(s.ID, labs.Ready)
		w.machineHas(cluster.Running, cluster.Running)
	})
}

func TestEndDuringAReset(t *testing.T) {
	for after := time.Duration(0); after < 8*step; after += step / 2 {
		t.Run("after "+after.String(), func(t *testing.T) {
			inWorld(t, nil, func(t *testing.T, w *world) {
				s := w.ready()
				must(t, w.fleet.Reset(t.Context(), s.ID))
				time.Sleep(after)
				must(t, w.fleet.End(t.Context(), s.ID))
				time.Sleep(time.Minute)
				w.is(s.ID, labs.Ended)
				w.machineHas()
				w.ready() // its place in line is free
			})
		})
	}
}

// A server that is killed at any moment of a reset leaves a session that the next
// one brings to its new cluster.
func TestKillDuringAReset(t *testing.T) {
	for after := time.Duration(0); after < 8*step; after += step / 4 {
		t.Run("after "+after.String(), func(t *testing.T) {
			inWorld(t, nil, func(t *testing.T, w *world) {
				s := w.ready()
				made := w.machine.Clusters()[0].Created
				w.machine.OnCall(func(ctx context.Context, c clustertest.Call) error {
					if c.Op == clustertest.Delete {
						time.Sleep(step)
					}
					return w.take(ctx, c)
				})
				must(t, w.fleet.Reset(t.Context(), s.ID))
				reset, err := w.fleet.Session(t.Context(), s.ID)
				must(t, err)
				time.Sleep(after)
				w.kill()
				w.run()
				time.Sleep(time.Minute)
				now := w.is(s.ID, labs.Ready)
				w.machineHas(cluster.Running)
				if !now.ResetAt.Equal(reset.ResetAt) || !w.machine.Clusters()[0].Created.After(made) {
					t.Errorf("came back as %+v with %+v", now, w.machine.Clusters()[0])
				}
			})
		})
	}
}

func TestResetDuringAResume(t *testing.T) {
	for _, fails := range []error{nil, errors.New("no such cluster")} {
		inWorld(t, nil, func(t *testing.T, w *world) {
			s := w.ready()
			w.stop()
			w.run()
			synctest.Wait()
			w.machine.OnCall(func(ctx context.Context, c clustertest.Call) error {
				if c.Op == clustertest.Resume {
					time.Sleep(3 * time.Second) // does not look at its deadline
					return fails
				}
				return w.take(ctx, c)
			})
			got := make(chan error, 1)
			go func() {
				_, err := w.fleet.Sandbox(t.Context(), s.ID)
				got <- err
			}()
			time.Sleep(time.Second)
			must(t, w.fleet.Reset(t.Context(), s.ID))
			if err := <-got; !errors.Is(err, labs.ErrNotReady) {
				t.Errorf("the one who waited for it got %v", err)
			}
			time.Sleep(time.Minute)
			w.is(s.ID, labs.Ready)
			states := make([]labs.State, 0, 20)
			for _, told := range w.told(s.ID) {
				states = append(states, told.State)
			}
			last := slices.Compact(states)
			want := []labs.State{labs.Paused, labs.Preparing, labs.Ready}
			if !slices.Equal(last[len(last)-3:], want) {
				t.Errorf("states %v", last)
			}
		})
	}
}

func TestResetThatCannotBeSavedChangesNothing(t *testing.T) {
	inWorld(t, func(cfg *sandbox.Config) { cfg.Store = &fullDisk{Store: cfg.Store} }, func(t *testing.T, w *world) {
		disk := w.cfg.Store.(*fullDisk)
		s := w.ready()
		disk.full.Store(true)
		if err := w.fleet.Reset(t.Context(), s.ID); err == nil || !strings.Contains(err.Error(), "disk") {
			t.Errorf("got %v", err)
		}
		disk.full.Store(false)
		w.is(s.ID, labs.Ready)
		must(t, w.fleet.Reset(t.Context(), s.ID)) // no place in line is lost
		time.Sleep(time.Minute)
		w.is(s.ID, labs.Ready)
	})
}

func TestResetLeavesTheNodes(t *testing.T) {
	inWorld(t, nil, func(t *testing.T, w *world) {
		s := w.ready()
		box := w.sandbox(s.ID)
		before, err := box.Terminal(labs.Worker)
		must(t, err)
		must(t, w.fleet.Reset(t.Context(), s.ID))
		time.Sleep(time.Minute)
		after, err := w.sandbox(s.ID).Terminal(labs.Worker)
		must(t, err)
		if before == after {
			t.Error("the terminal is that of the old cluster")
		}
	})
}
