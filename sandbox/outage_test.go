package sandbox_test

import (
	"context"

	"testing"
	"time"

	"github.com/greenbox-lab/greenbox/labs"
	"github.com/greenbox-lab/greenbox/sandbox"
	"github.com/greenbox-lab/greenbox/sandbox/cluster"
	"github.com/greenbox-lab/greenbox/sandbox/cluster/clustertest"
	"github.com/greenbox-lab/greenbox/sandbox/terminal"
)

func TestEngineThatIsAwayForAMinute(t *testing.T) {
	for _, o := range []struct {
		name   string
		begin  func(*world) (end func())
		making labs.State // what becomes of a start that is under way
		left   int        // clusters, afterwards
	}{
		{"it refuses all calls", func(w *world) func() {
			w.machine.Unplug()
			return w.machine.Plug
		}, labs.Broken, 3},
		{"it answers no call until it is back", func(w *world) func() {
			back := make(chan struct{})
			w.machine.OnCall(func(ctx context.Context, c clustertest.Call) error {
				select {
				case <-back:
					return w.take(ctx, c)
				case <-ctx.Done():
					return ctx.Err()
				}
			})
			return func() { close(back) }
		}, labs.Ready, 4},
	} {
		t.Run(o.name, func(t *testing.T) {
			adjust := func(cfg *sandbox.Config) {
				cfg.Parallel, cfg.Surveyor = 2, cfg.Provider.(cluster.Surveyor)
			}
			inWorld(t, adjust, func(t *testing.T, w *world) {
				ready, paused, ending := w.readyFor("ann"), w.readyFor("ben"), w.readyFor("cem")
				must(t, w.machine.Pause(t.Context(), paused.Cluster))
				time.Sleep(time.Minute)
				w.is(paused.ID, labs.Paused)
				making := w.start(w.learner("dan"), lab)
				time.Sleep(2*step + step/2)

				end := o.begin(w)
				must(t, w.fleet.End(t.Context(), ending.ID))
				waiting := w.start(w.learner("eve"), lab)
				w.standFast(map[string]labs.State{
					ready.ID: labs.Ready, paused.ID: labs.Paused, ending.ID: labs.Ended, waiting.ID: labs.Queued,
				})
				end()

				time.Sleep(5 * time.Minute)
				w.is(ready.ID, labs.Ready)
				w.is(waiting.ID, labs.Ready)
				must(t, w.fleet.Touch(t.Context(), paused.ID))
				w.is(paused.ID, labs.Ready)
				if s := w.is(making.ID, o.making); s.Error == "" && s.State == labs.Broken {
					t.Error("a start that came to nothing does not say why")
				}
				all := make([]cluster.State, o.left)
				for i := range all {
					all[i] = cluster.Running
				}
				w.machineHas(all...)
			})
		})
	}
}

// standFast fails the test unless sessions stay what they are for a minute, and
// terminals as they were.
func (w *world) standFast(want map[string]labs.State) {
	w.t.Helper()
	terminals := w.terminals(want)
	for begun := time.Now(); time.Since(begun) < time.Minute; time.Sleep(10 * time.Second) {
		for id, state := range want {
			w.is(id, state)
		}
	}
	for id, was := range terminals {
		if now := w.terminals(want)[id]; now != was {
			w.t.Errorf("the terminal of session %s is another one", id)
		}
	}
}

// terminals are those of the sessions that are ready.
func (w *world) terminals(of map[string]labs.State) map[string]*terminal.Terminal {
	w.t.Helper()
	list := map[string]*terminal.Terminal{}
	for id, state := range of {
		if state != labs.Ready {
			continue
		}
		term, err := w.fleet.Shell(w.t.Context(), id, labs.Worker)
		must(w.t, err)
		list[id] = term
	}
	return list
}

func (w *world) readyFor(name string) labs.Session {
	w.t.Helper()
	s := w.start(w.learner(name), lab)
	time.Sleep(time.Minute)
	return w.is(s.ID, labs.Ready)
}
