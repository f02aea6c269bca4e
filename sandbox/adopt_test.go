package sandbox_test

import (
	"context"
	"errors"
	"slices"
	"testing"
	"testing/synctest"
	"time"

	"github.com/greenbox-lab/greenbox/labs"
	"github.com/greenbox-lab/greenbox/sandbox"
	"github.com/greenbox-lab/greenbox/sandbox/cluster"
	"github.com/greenbox-lab/greenbox/sandbox/cluster/clustertest"
)

func TestKilledServerGoesOnWhereItStopped(t *testing.T) {
	for _, c := range []struct {
		name    string
		before  func(*world) labs.Session
		left    []cluster.State // on the machine when the server is killed
		state   labs.State      // a minute after the next start
		machine []cluster.State
	}{
		{"a session in line starts by itself", func(w *world) labs.Session {
			w.start(w.learner("ben"), lab)
			return w.start(ann, lab)
		}, []cluster.State{cluster.Broken}, labs.Ready, []cluster.State{cluster.Running, cluster.Running}},
		{"a half-made cluster is made anew", func(w *world) labs.Session {
			s := w.start(ann, lab)
			time.Sleep(3*step + step/2)
			return w.is(s.ID, labs.Preparing)
		}, []cluster.State{cluster.Broken}, labs.Ready, []cluster.State{cluster.Running}},
		{"a cluster whose setup was running is made anew", func(w *world) labs.Session {
			w.hang(clustertest.Run)
			s := w.start(ann, lab)
			time.Sleep(time.Minute)
			return w.is(s.ID, labs.Preparing)
		}, []cluster.State{cluster.Running}, labs.Ready, []cluster.State{cluster.Running}},
		{"a ready session is there as it was", (*world).ready,
			[]cluster.State{cluster.Running}, labs.Ready, []cluster.State{cluster.Running}},
		{"a paused session stays paused", func(w *world) labs.Session {
			s := w.ready()
			w.stop()
			w.run()
			return w.is(s.ID, labs.Paused)
		}, []cluster.State{cluster.Paused}, labs.Paused, []cluster.State{cluster.Paused}},
		{"an ended session's cluster is removed", func(w *world) labs.Session {
			s := w.ready()
			w.fault(func(c clustertest.Call) error {
				if c.Op == clustertest.Delete {
					return errors.New("device busy")
				}
				return nil
			})
			must(w.t, w.fleet.End(w.t.Context(), s.ID))
			return s
		}, []cluster.State{cluster.Running}, labs.Ended, nil},
		{"a failed session's cluster is removed", func(w *world) labs.Session {
			w.machine.OnRun(func(clustertest.Call) cluster.Result { return cluster.Result{ExitCode: 1} })
			w.fault(func(c clustertest.Call) error {
				if c.Op == clustertest.Delete {
					return errors.New("device busy")
				}
				return nil
			})
			s := w.start(ann, lab)
			time.Sleep(10 * time.Second)
			return w.is(s.ID, labs.Broken)
		}, []cluster.State{cluster.Running}, labs.Broken, nil},
	} {
		t.Run(c.name, func(t *testing.T) {
			inWorld(t, nil, func(t *testing.T, w *world) {
				s := c.before(w)
				w.kill()
				told := len(w.told(s.ID))
				w.machineHas(c.left...)
				w.fault(func(clustertest.Call) error { return nil })
				w.run()
				time.Sleep(time.Minute)
				now := w.is(s.ID, c.state)
				if now.ID != s.ID || !now.CreatedAt.Equal(s.CreatedAt) {
					t.Errorf("came back as %+v, was %+v", now, s)
				}
				w.machineHas(c.machine...)
				heard := slices.ContainsFunc(w.told(s.ID)[told:], func(s labs.Session) bool { return s.State == labs.Ready })
				if heard != (c.state == labs.Ready) {
					t.Errorf("told after the kill: %+v", w.told(s.ID)[told:])
				}
			})
		})
	}
}

func TestAdoptedAtOnce(t *testing.T) {
	inWorld(t, nil, func(t *testing.T, w *world) {
		s := w.ready()
		w.kill()
		w.run()
		if _, err := w.fleet.Sandbox(t.Context(), s.ID); err != nil {
			t.Error(err)
		}
		again, created, err := w.fleet.Start(t.Context(), ann, lab)
		if err != nil || created || again.ID != s.ID {
			t.Errorf("start after the kill: %s, created %v, %v", again.ID, created, err)
		}
	})
}

func TestAdoptionWaitsForAMachineThatDoesNotAnswer(t *testing.T) {
	inWorld(t, nil, func(t *testing.T, w *world) {
		s := w.ready()
		ben := w.start(w.learner("ben"), lab)
		w.kill()
		w.machine.Unplug()
		w.run()
		time.Sleep(time.Minute)
		w.is(s.ID, labs.Ready)
		w.is(ben.ID, labs.Preparing)
		if _, err := w.fleet.Sandbox(t.Context(), s.ID); !errors.Is(err, labs.ErrNotReady) {
			t.Errorf("sandbox of an unplugged machine: %v", err)
		}
		w.machine.Plug()
		time.Sleep(time.Minute)
		w.is(s.ID, labs.Ready)
		w.is(ben.ID, labs.Ready)
	})
}

func TestStartOfALabThatIsGone(t *testing.T) {
	inWorld(t, nil, func(t *testing.T, w *world) {
		s := w.start(ann, labs.Lab{ID: "withdrawn"})
		time.Sleep(2*step + step/2)
		w.kill()
		w.run()
		time.Sleep(time.Minute)
		if s := w.is(s.ID, labs.Broken); s.Error != "The server was restarted during the start, and no longer has this lab." {
			t.Errorf("failed with %q", s.Error)
		}
		w.machineHas()
	})
}

func TestClusterThatIsLost(t *testing.T) {
	for _, c := range []struct {
		name string
		lose func(*world, string)
	}{
		{"while the server runs", func(w *world, name string) { w.machine.Lose(name) }},
		{"while the server is down", func(w *world, name string) {
			w.kill()
			w.machine.Lose(name)
			w.run()
		}},
		{"while the session is paused", func(w *world, name string) {
			w.stop()
			w.machine.Lose(name)
			w.run()
		}},
	} {
		t.Run(c.name, func(t *testing.T) {
			inWorld(t, nil, func(t *testing.T, w *world) {
				s := w.ready()
				c.lose(w, s.Cluster)
				time.Sleep(time.Minute)
				s = w.is(s.ID, labs.Broken)
				if s.Error != "The session's cluster was lost: it is no longer on the machine." {
					t.Errorf("failed with %q", s.Error)
				}
				w.ready()
			})
		})
	}
}

func TestRowsFollowTheMachine(t *testing.T) {
	inWorld(t, nil, func(t *testing.T, w *world) {
		s := w.ready()
		must(t, w.machine.Pause(t.Context(), s.Cluster))
		time.Sleep(time.Minute)
		w.is(s.ID, labs.Paused)
		must(t, w.machine.Resume(t.Context(), s.Cluster))
		time.Sleep(time.Minute)
		w.is(s.ID, labs.Ready)
		before := len(w.told(s.ID))
		time.Sleep(time.Hour)
		if after := len(w.told(s.ID)); after != before {
			t.Errorf("%d changes were published while nothing changed", after-before)
		}
	})
}

func TestOrphansAreRemovedAfterAGrace(t *testing.T) {
	inWorld(t, nil, func(t *testing.T, w *world) {
		s := w.ready()
		orphan := cluster.Cluster{Name: "greenbox-x", Labels: cluster.Labels{Session: "x"}, Created: time.Now(), State: cluster.Broken}
		second := cluster.Cluster{Name: "greenbox-y", Labels: cluster.Labels{Session: s.ID}, Created: time.Now(), State: cluster.Running}
		w.machine.Put(orphan)
		w.machine.Put(second)
		time.Sleep(50 * time.Second)
		w.machineHas(cluster.Running, cluster.Broken, cluster.Running)
		time.Sleep(30 * time.Second)
		w.machineHas(cluster.Running)
		w.is(s.ID, labs.Ready)
	})
}

func TestRowWithoutSandboxIsAdopted(t *testing.T) {
	inWorld(t, nil, func(t *testing.T, w *world) {
		row := labs.Session{ID: "stray", LearnerID: ann.ID, LabID: lab.ID, State: labs.Queued, CreatedAt: time.Now()}
		must(t, w.db.SaveSession(t.Context(), row))
		time.Sleep(time.Minute)
		w.is("stray", labs.Ready)
	})
}

func TestRunWithoutAStoreEndsWithAnError(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t)
		gone, cancel := context.WithCancel(t.Context())
		cancel()
		fleet := sandbox.New(w.cfg)
		if err := fleet.Run(gone); err == nil {
			t.Error("Run could not read the sessions and said nothing")
		}
		if _, _, err := fleet.Start(t.Context(), ann, lab); !errors.Is(err, sandbox.ErrStopping) {
			t.Errorf("start afterwards: %v", err)
		}
	})
}
