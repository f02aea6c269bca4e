package sandbox_test

import (
	"context"
	"errors"
	"slices"
	"testing"
	"time"

	"github.com/greenbox-lab/greenbox/labs"
	"github.com/greenbox-lab/greenbox/sandbox"
	"github.com/greenbox-lab/greenbox/sandbox/cluster"
	"github.com/greenbox-lab/greenbox/sandbox/cluster/clustertest"
)

const idle = 15 * time.Minute

func pausesIdle(cfg *sandbox.Config) { cfg.IdlePause = idle }

// slow has calls of that kind take so long.
func (w *world) slow(op clustertest.Op, long time.Duration) {
	w.machine.OnCall(func(ctx context.Context, c clustertest.Call) error {
		if c.Op == op {
			time.Sleep(long)
		}
		return w.take(ctx, c)
	})
}

func TestWhoeverIsThereIsNotPaused(t *testing.T) {
	for _, c := range []struct {
		name string
		idle time.Duration
		be   func(*testing.T, *world, *sandbox.Sandbox) // for an hour
		want labs.State
	}{
		{"nobody is there", idle, func(*testing.T, *world, *sandbox.Sandbox) { time.Sleep(time.Hour) }, labs.Paused},
		{"pausing is turned off", 0, func(*testing.T, *world, *sandbox.Sandbox) { time.Sleep(time.Hour) }, labs.Ready},
		{"the learner is there now and then", idle, func(t *testing.T, w *world, s *sandbox.Sandbox) {
			for range 5 {
				time.Sleep(12 * time.Minute)
				must(t, w.fleet.Touch(t.Context(), s.Session().ID))
				w.is(s.Session().ID, labs.Ready)
			}
		}, labs.Ready},
		{"a request takes an hour", idle, func(_ *testing.T, _ *world, s *sandbox.Sandbox) {
			defer s.Hold()()
			time.Sleep(time.Hour)
		}, labs.Ready},
		{"a request was over an hour ago", idle, func(_ *testing.T, _ *world, s *sandbox.Sandbox) {
			s.Hold()()
			time.Sleep(time.Hour)
		}, labs.Paused},
		{"somebody looks on", idle, func(t *testing.T, w *world, s *sandbox.Sandbox) {
			for range 12 {
				time.Sleep(5 * time.Minute)
				_, err := w.fleet.Awake(t.Context(), s.Session().ID)
				if err != nil && !errors.Is(err, labs.ErrNotReady) {
					t.Error(err)
				}
			}
		}, labs.Paused},
	} {
		t.Run(c.name, func(t *testing.T) {
			inWorld(t, func(cfg *sandbox.Config) { cfg.IdlePause = c.idle }, func(t *testing.T, w *world) {
				s := w.ready()
				box, err := w.fleet.Sandbox(t.Context(), s.ID)
				must(t, err)
				c.be(t, w, box)
				w.is(s.ID, c.want)
				w.machineHas(map[labs.State]cluster.State{labs.Ready: cluster.Running, labs.Paused: cluster.Paused}[c.want])
			})
		})
	}
}

func TestATouchWinsAgainstAPause(t *testing.T) {
	touch := func(t *testing.T, w *world, id string) { must(t, w.fleet.Touch(t.Context(), id)) }
	for _, c := range []struct {
		name string
		do   func(t *testing.T, w *world, id string) // a second after the pause began, which takes three
		want []labs.State                            // told since then
		has  []cluster.State
	}{
		{"a touch while the cluster is paused", touch, []labs.State{labs.Paused, labs.Ready}, []cluster.State{cluster.Running}},
		{"the end while the cluster is paused", func(t *testing.T, w *world, id string) {
			must(t, w.fleet.End(t.Context(), id))
		}, []labs.State{labs.Paused, labs.Ended}, nil},
		{"a reset while the cluster is paused", func(t *testing.T, w *world, id string) {
			must(t, w.fleet.Reset(t.Context(), id))
			time.Sleep(time.Minute)
		}, []labs.State{labs.Paused, labs.Preparing, labs.Ready}, []cluster.State{cluster.Running}},
		{"a stop of the server while the cluster is paused", func(_ *testing.T, w *world, _ string) {
			w.stop()
			w.run()
		}, []labs.State{labs.Paused}, []cluster.State{cluster.Paused}},
	} {
		t.Run(c.name, func(t *testing.T) {
			inWorld(t, pausesIdle, func(t *testing.T, w *world) {
				s := w.ready()
				begun := make(chan bool, 1)
				w.machine.OnCall(func(ctx context.Context, call clustertest.Call) error {
					if call.Op == clustertest.Pause {
						begun <- true
						time.Sleep(3 * time.Second)
					}
					return w.take(ctx, call)
				})
				before := len(w.told(s.ID))
				<-begun
				time.Sleep(time.Second)
				c.do(t, w, s.ID)
				time.Sleep(time.Minute)
				if got := states(w.told(s.ID)[before:]); !slices.Equal(got, c.want) {
					t.Errorf("told %v, want %v", got, c.want)
				}
				w.machineHas(c.has...)
			})
		})
	}
}

// states are those that the session was in, each once.
func states(told []labs.Session) []labs.State {
	var list []labs.State
	for _, s := range told {
		list = append(list, s.State)
	}
	return slices.Compact(list)
}

// savesLast calls saving while a pause is being saved.
type savesLast struct {
	sandbox.Store
	saving func(labs.Session)
}

func (l *savesLast) SaveSession(ctx context.Context, s labs.Session) error {
	if s.State == labs.Paused {
		l.saving(s)
	}
	return l.Store.SaveSession(ctx, s)
}

func TestATouchWhileAPauseIsSavedPausesNothing(t *testing.T) {
	store := &savesLast{}
	adjust := func(cfg *sandbox.Config) {
		pausesIdle(cfg)
		store.Store, cfg.Store = cfg.Store, store
	}
	inWorld(t, adjust, func(t *testing.T, w *world) {
		s := w.ready()
		store.saving = func(s labs.Session) { must(t, w.fleet.Touch(context.Background(), s.ID)) }
		w.fault(func(c clustertest.Call) error {
			if c.Op == clustertest.Pause {
				t.Error("paused")
			}
			return nil
		})
		time.Sleep(16 * time.Minute)
		w.is(s.ID, labs.Ready)
		w.fault(func(clustertest.Call) error { return nil })
		store.saving = func(labs.Session) {}
	})
}

func TestAPauseThatFailsIsTriedAgainLater(t *testing.T) {
	inWorld(t, pausesIdle, func(t *testing.T, w *world) {
		s := w.ready()
		tries := 0
		w.fault(func(c clustertest.Call) error {
			if c.Op == clustertest.Pause {
				if tries++; tries < 3 {
					return errors.New("the engine is busy")
				}
			}
			return nil
		})
		time.Sleep(16 * time.Minute)
		w.is(s.ID, labs.Ready)
		w.machineHas(cluster.Running)
		time.Sleep(32 * time.Minute)
		w.is(s.ID, labs.Paused)
		w.machineHas(cluster.Paused)
		if tries != 3 {
			t.Errorf("%d tries", tries)
		}
	})
}

func TestAPausedSessionStaysSoOverARestart(t *testing.T) {
	inWorld(t, pausesIdle, func(t *testing.T, w *world) {
		s := w.ready()
		w.stop()
		w.run()
		time.Sleep(time.Hour)
		w.is(s.ID, labs.Paused)
		w.slow(clustertest.Resume, 300*time.Millisecond)
		began := time.Now()
		must(t, w.fleet.Touch(t.Context(), s.ID))
		if took := time.Since(began); took > time.Second {
			t.Errorf("back after %v", took)
		}
		w.is(s.ID, labs.Ready)
		time.Sleep(time.Hour)
		w.is(s.ID, labs.Paused)
	})
}

func TestATouchOfASessionWithoutAClusterIsNoError(t *testing.T) {
	inWorld(t, nil, func(t *testing.T, w *world) {
		s := w.start(ann, lab)
		must(t, w.fleet.Touch(t.Context(), s.ID))
		must(t, w.fleet.End(t.Context(), s.ID))
		if err := w.fleet.Touch(t.Context(), s.ID); !errors.Is(err, labs.ErrEnded) {
			t.Errorf("of an ended one: %v", err)
		}
		if _, err := w.fleet.Awake(t.Context(), s.ID); !errors.Is(err, labs.ErrEnded) {
			t.Errorf("looked at when ended: %v", err)
		}
	})
}
