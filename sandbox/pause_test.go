package sandbox_test

import (
	"context"
	"errors"
	"fmt"
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

func TestShutdownPausesAndWaits(t *testing.T) {
	adjust := func(cfg *sandbox.Config) { cfg.Parallel = 2 }
	inWorld(t, adjust, func(t *testing.T, w *world) {
		ready := w.ready()
		preparing := w.start(w.learner("ben"), lab)
		time.Sleep(2*step + step/2)
		w.machine.OnCall(func(ctx context.Context, c clustertest.Call) error {
			if c.Op == clustertest.Pause {
				time.Sleep(3 * time.Second)
			}
			return ctx.Err()
		})
		fleet := w.fleet
		w.stop()
		w.is(ready.ID, labs.Paused)
		w.is(preparing.ID, labs.Preparing)
		w.machineHas(cluster.Paused)
		if _, _, err := fleet.Start(t.Context(), ann, lab); !errors.Is(err, sandbox.ErrStopping) {
			t.Errorf("start after the stop: %v", err)
		}
		w.run()
		w.fault(func(clustertest.Call) error { return nil })
		time.Sleep(time.Minute)
		w.is(preparing.ID, labs.Ready)
		w.is(ready.ID, labs.Paused)
	})
}

func TestShutdownPausesBesideASlowCleanUp(t *testing.T) {
	adjust := func(cfg *sandbox.Config) { cfg.Parallel = 2 }
	inWorld(t, adjust, func(t *testing.T, w *world) {
		ready := w.ready()
		ended := w.start(w.learner("ben"), lab)
		time.Sleep(time.Minute)
		w.machine.OnCall(func(ctx context.Context, c clustertest.Call) error {
			switch c.Op {
			case clustertest.Create:
				<-ctx.Done()
				time.Sleep(2 * time.Minute) // the engine finishes what it was asked
				return ctx.Err()
			case clustertest.Delete:
				time.Sleep(25 * time.Second)
			case clustertest.Pause:
				if c.Cluster != ready.Cluster {
					t.Errorf("paused %s", c.Cluster)
				}
			default:
			}
			return nil
		})
		must(t, w.fleet.End(t.Context(), ended.ID))
		making := w.start(w.learner("cem"), lab)
		time.Sleep(time.Second)
		stopped := make(chan struct{})
		go func() {
			w.stop()
			close(stopped)
		}()
		time.Sleep(time.Second)
		w.is(ready.ID, labs.Paused)
		w.is(making.ID, labs.Preparing)
		if got := w.machine.State(ready.Cluster); got != cluster.Paused {
			t.Errorf("a second after the stop the cluster is %s", got)
		}
		<-stopped
		w.machineHas(cluster.Paused)
		w.fault(func(clustertest.Call) error { return nil })
		w.run()
		time.Sleep(time.Minute)
		w.is(making.ID, labs.Ready)
	})
}

func TestShutdownDoesNotWaitForEver(t *testing.T) {
	inWorld(t, nil, func(t *testing.T, w *world) {
		s := w.ready()
		w.hang(clustertest.Pause)
		begun := time.Now()
		w.stop()
		if took := time.Since(begun); took > time.Minute {
			t.Errorf("took %v", took)
		}
		w.run()
		w.is(s.ID, labs.Ready) // its cluster was still running
	})
}

func TestPausedSessionIsResumedOnce(t *testing.T) {
	inWorld(t, nil, func(t *testing.T, w *world) {
		s := w.ready()
		w.stop()
		w.run()
		resumes := 0
		w.machine.OnCall(func(_ context.Context, c clustertest.Call) error {
			if c.Op == clustertest.Resume {
				resumes++
				time.Sleep(20 * time.Second) // longer than the rounds of the join
			}
			return nil
		})
		var users sync.WaitGroup
		for range 5 {
			users.Go(func() {
				if _, err := w.fleet.Sandbox(t.Context(), s.ID); err != nil {
					t.Error(err)
				}
			})
		}
		users.Wait()
		w.is(s.ID, labs.Ready)
		told := w.told(s.ID)
		if resumes != 1 || told[len(told)-1].State != labs.Ready {
			t.Errorf("%d resumes, told %+v", resumes, told)
		}
		w.machineHas(cluster.Running)
	})
}

func TestResumeThatDoesNotWork(t *testing.T) {
	for _, c := range []struct {
		name    string
		machine cluster.State // what the cluster then is
		fails   error
		want    string // in the error
		state   labs.State
	}{
		{"leaves a paused session paused", cluster.Paused, errors.New("no memory"), "no memory", labs.Paused},
		{"is overlooked when the cluster runs: its API server may be the learner's exercise", cluster.Running, errors.New("no answer"), "<nil>", labs.Ready},
		{"leaves a session whose cluster has stopped for another try", cluster.Stopped, errors.New("no memory"), "no memory", labs.Paused},
		{"replaces a cluster that lacks nodes", cluster.Broken, errors.New("no memory"), labs.ErrNotReady.Error(), labs.Preparing},
	} {
		t.Run(c.name, func(t *testing.T) {
			inWorld(t, nil, func(t *testing.T, w *world) {
				s := w.ready()
				w.stop()
				w.run()
				synctest.Wait()
				row := w.machine.Clusters()[0]
				row.State = c.machine
				w.machine.Put(row)
				w.fault(func(call clustertest.Call) error {
					if call.Op == clustertest.Resume {
						return c.fails
					}
					return nil
				})
				_, err := w.fleet.Sandbox(t.Context(), s.ID)
				if !strings.Contains(fmt.Sprint(err), c.want) {
					t.Errorf("got %v", err)
				}
				w.is(s.ID, c.state)
			})
		})
	}
}

// slowList answers with what there was eight seconds ago.
type slowList struct{ *clustertest.Machine }

func (l slowList) List(ctx context.Context) ([]cluster.Cluster, error) {
	clusters, err := l.Machine.List(ctx)
	time.Sleep(8 * time.Second)
	return clusters, err
}

func TestOldNewsDoesNotPauseAResumedSession(t *testing.T) {
	inWorld(t, nil, func(t *testing.T, w *world) {
		s := w.ready()
		w.stop()
		w.cfg.Provider = slowList{w.machine}
		w.run()
		time.Sleep((8 + 15 + 2) * time.Second) // two seconds into the second list
		_, err := w.fleet.Sandbox(t.Context(), s.ID)
		must(t, err)
		told := len(w.told(s.ID))
		time.Sleep(time.Minute)
		w.is(s.ID, labs.Ready)
		if now := w.told(s.ID); len(now) > told {
			t.Errorf("told after the resume: %+v", now[told:])
		}
	})
}

func TestEndDuringAResume(t *testing.T) {
	inWorld(t, nil, func(t *testing.T, w *world) {
		s := w.ready()
		w.stop()
		w.run()
		synctest.Wait()
		w.hang(clustertest.Resume)
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
		w.is(s.ID, labs.Ended)
		w.machineHas()
	})
}
