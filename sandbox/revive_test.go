package sandbox_test

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/greenbox-lab/greenbox/labs"
	"github.com/greenbox-lab/greenbox/sandbox"
	"github.com/greenbox-lab/greenbox/sandbox/cluster"
	"github.com/greenbox-lab/greenbox/sandbox/cluster/clustertest"
)

// halt gives every cluster on the machine a state, as a restart of the engine does.
func (w *world) halt(state cluster.State) {
	for _, c := range w.machine.Clusters() {
		c.State = state
		w.machine.Put(c)
	}
}

// damaged has clusters never come back, for as many resumes.
func (w *world) damaged(times int) {
	w.fault(func(c clustertest.Call) error {
		if c.Op != clustertest.Resume || times == 0 {
			return nil
		}
		times--
		return fmt.Errorf("%w: etcd says: crc mismatch", cluster.ErrDamaged)
	})
}

// waits reports whether ctx lasts for as long as that.
func waits(ctx context.Context, d time.Duration) bool {
	select {
	case <-time.After(d):
		return true
	case <-ctx.Done():
		return false
	}
}

// heard reports whether a session was ever told to be in a state since.
func (w *world) heard(id string, since int, state labs.State) bool {
	return slices.ContainsFunc(w.told(id)[since:], func(s labs.Session) bool { return s.State == state })
}

func TestStoppedClusters(t *testing.T) {
	for _, c := range []struct {
		name    string
		before  func(*world)
		state   labs.State
		machine cluster.State
	}{
		{"in use come back by themselves", func(w *world) { w.halt(cluster.Stopped) }, labs.Ready, cluster.Running},
		{"in use come back when the server was down, too", func(w *world) {
			w.kill()
			w.halt(cluster.Stopped)
			w.run()
		}, labs.Ready, cluster.Running},
		{"of paused sessions stay stopped", func(w *world) {
			w.stop()
			w.halt(cluster.Stopped)
			w.run()
		}, labs.Paused, cluster.Stopped},
	} {
		t.Run(c.name, func(t *testing.T) {
			inWorld(t, nil, func(t *testing.T, w *world) {
				was := w.ready()
				c.before(w)
				time.Sleep(20 * time.Second) // one round
				w.is(was.ID, c.state)
				w.machineHas(c.machine)
				_, err := w.fleet.Sandbox(t.Context(), was.ID)
				must(t, err)
				if s := w.is(was.ID, labs.Ready); !s.ReplacedAt.IsZero() || !s.ResetAt.IsZero() {
					t.Errorf("came back as %+v", s)
				}
			})
		})
	}
}

func TestFewClustersAreRevivedAtOnce(t *testing.T) {
	inWorld(t, nil, func(t *testing.T, w *world) {
		var ids []string
		for _, name := range []string{"ann", "ben", "cem", "dee", "eva"} {
			ids = append(ids, w.start(w.learner(name), lab).ID)
		}
		time.Sleep(time.Minute)
		var mu sync.Mutex
		now, most := 0, 0
		w.machine.OnCall(func(_ context.Context, c clustertest.Call) error {
			if c.Op != clustertest.Resume {
				return nil
			}
			mu.Lock()
			now++
			most = max(most, now)
			mu.Unlock()
			time.Sleep(10 * time.Second)
			mu.Lock()
			now--
			mu.Unlock()
			return nil
		})
		w.halt(cluster.Stopped)
		time.Sleep(time.Minute)
		for _, id := range ids {
			w.is(id, labs.Ready)
		}
		if most != 2 {
			t.Errorf("%d were revived at once", most)
		}
	})
}

func TestRevivalIsTriedAgain(t *testing.T) {
	inWorld(t, nil, func(t *testing.T, w *world) {
		s := w.ready()
		failures := 2
		w.fault(func(c clustertest.Call) error {
			if c.Op != clustertest.Resume || failures == 0 {
				return nil
			}
			failures--
			return errors.New("the engine is restarting")
		})
		w.halt(cluster.Stopped)
		time.Sleep(20 * time.Second)
		w.is(s.ID, labs.Paused)
		time.Sleep(time.Minute)
		w.is(s.ID, labs.Ready)
	})
}

func TestEngineThatIsAwayLosesNothing(t *testing.T) {
	inWorld(t, nil, func(t *testing.T, w *world) {
		ready := w.ready()
		ended := w.start(w.learner("ben"), lab)
		time.Sleep(time.Minute)
		told := len(w.told(ready.ID))
		w.machine.Unplug()
		must(t, w.fleet.End(t.Context(), ended.ID))
		time.Sleep(time.Minute)
		w.is(ready.ID, labs.Ready)
		if now := w.told(ready.ID); len(now) > told {
			t.Errorf("told while the engine was away: %+v", now[told:])
		}
		w.machine.Plug()
		time.Sleep(time.Minute)
		w.is(ready.ID, labs.Ready)
		w.is(ended.ID, labs.Ended)
		w.machineHas(cluster.Running)
	})
}

func TestDamagedClusterIsReplaced(t *testing.T) {
	for _, c := range []struct {
		name   string
		damage func(*world)
		use    bool
	}{
		{"when it is used", func(w *world) {
			w.stop()
			w.damaged(1)
			w.run()
		}, true},
		{"when it is used, its nodes gone", func(w *world) {
			w.stop()
			w.fault(func(c clustertest.Call) error {
				if c.Op == clustertest.Resume {
					return errors.New("no such container")
				}
				return nil
			})
			w.halt(cluster.Broken)
			w.run()
		}, true},
		{"by itself, when the session was in use", func(w *world) {
			w.damaged(1)
			w.halt(cluster.Stopped)
		}, false},
		{"by itself, when a server that was killed had only started it", func(w *world) {
			w.stop()
			w.halt(cluster.Running)
			w.damaged(1)
			w.run()
		}, false},
		{"by itself, when that is found after a hundred seconds", func(w *world) {
			times := 1
			w.machine.OnCall(func(ctx context.Context, c clustertest.Call) error {
				if c.Op != clustertest.Resume || times == 0 {
					return w.take(ctx, c)
				}
				times--
				w.halt(cluster.Running)
				if !waits(ctx, 100*time.Second) {
					return ctx.Err()
				}
				return cluster.ErrDamaged
			})
			w.halt(cluster.Stopped)
			time.Sleep(2 * time.Minute)
		}, false},
		{"twice, when the fresh one is damaged, too", func(w *world) {
			w.damaged(2)
			w.halt(cluster.Stopped)
			time.Sleep(time.Minute)
			w.halt(cluster.Stopped)
		}, false},
	} {
		t.Run(c.name, func(t *testing.T) {
			inWorld(t, nil, func(t *testing.T, w *world) {
				was := w.ready()
				made := w.machine.Clusters()[0].Created
				told := len(w.told(was.ID))
				c.damage(w)
				synctest.Wait()
				if c.use {
					if _, err := w.fleet.Sandbox(t.Context(), was.ID); !errors.Is(err, labs.ErrNotReady) {
						t.Errorf("the one who used it got %v", err)
					}
				}
				time.Sleep(time.Minute)
				s := w.is(was.ID, labs.Ready)
				row, err := w.db.Session(t.Context(), was.ID)
				must(t, err)
				if !s.ReplacedAt.After(was.CreatedAt) || !row.ReplacedAt.Equal(s.ReplacedAt) || !s.ResetAt.IsZero() || s.Error != "" {
					t.Errorf("came back as %+v, saved as %+v", s, row)
				}
				if !w.heard(was.ID, told, labs.Preparing) {
					t.Errorf("told %+v", w.told(was.ID)[told:])
				}
				w.machineHas(cluster.Running)
				if now := w.machine.Clusters()[0].Created; !now.After(made) {
					t.Error("the cluster is the damaged one")
				}
			})
		})
	}
}

func TestReplacedClusterIsSetUp(t *testing.T) {
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
		w.damaged(1)
		w.halt(cluster.Stopped)
		time.Sleep(time.Minute)
		w.is(s.ID, labs.Ready)
		if !slices.Contains(ran, lab.Setup) {
			t.Errorf("ran %q", ran)
		}
	})
}

func TestKillDuringAReplacement(t *testing.T) {
	inWorld(t, nil, func(t *testing.T, w *world) {
		s := w.ready()
		w.damaged(1)
		w.halt(cluster.Stopped)
		time.Sleep(15*time.Second + 2*step)
		w.is(s.ID, labs.Preparing)
		w.kill()
		w.run()
		time.Sleep(time.Minute)
		if now := w.is(s.ID, labs.Ready); now.ReplacedAt.IsZero() {
			t.Errorf("came back as %+v", now)
		}
		w.machineHas(cluster.Running)
	})
}

func TestEndWhileACollapseIsFound(t *testing.T) {
	inWorld(t, nil, func(t *testing.T, w *world) {
		s := w.ready()
		w.stop()
		w.machine.OnCall(func(_ context.Context, c clustertest.Call) error {
			if c.Op == clustertest.Resume {
				time.Sleep(5 * time.Second) // whatever becomes of its ctx
				return cluster.ErrDamaged
			}
			return nil
		})
		w.run()
		got := make(chan error, 1)
		go func() {
			_, err := w.fleet.Sandbox(t.Context(), s.ID)
			got <- err
		}()
		time.Sleep(time.Second)
		must(t, w.fleet.End(t.Context(), s.ID))
		if err := <-got; !errors.Is(err, labs.ErrEnded) {
			t.Errorf("the one who waited for it got %v", err)
		}
		if now := w.is(s.ID, labs.Ended); !now.ReplacedAt.IsZero() {
			t.Errorf("ended as %+v", now)
		}
		w.machineHas()
	})
}

func TestDamagedClusterOfALabThatIsGone(t *testing.T) {
	withdrawn := false
	adjust := func(cfg *sandbox.Config) {
		known := cfg.Labs
		cfg.Labs = func(id string) (labs.Lab, error) {
			if withdrawn {
				return labs.Lab{}, labs.ErrNotFound
			}
			return known(id)
		}
	}
	inWorld(t, adjust, func(t *testing.T, w *world) {
		s := w.ready()
		w.stop()
		withdrawn = true
		w.damaged(1)
		w.run()
		if _, err := w.fleet.Sandbox(t.Context(), s.ID); !errors.Is(err, labs.ErrEnded) {
			t.Errorf("the one who used it got %v", err)
		}
		w.is(s.ID, labs.Broken)
		w.machineHas()
	})
}
