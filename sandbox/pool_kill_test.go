package sandbox_test

import (
	"context"
	"errors"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/greenbox-lab/greenbox/labs"
	"github.com/greenbox-lab/greenbox/sandbox"
	"github.com/greenbox-lab/greenbox/sandbox/cluster"
	"github.com/greenbox-lab/greenbox/sandbox/cluster/clustertest"
)

func TestSparesAfterARestart(t *testing.T) {
	for _, c := range []struct {
		name   string
		before func(*world) // the kill included
		kept   bool
	}{
		{"one that is whole is kept", (*world).kill, true},
		{"one that runs is paused", func(w *world) {
			w.kill()
			must(w.t, w.machine.Resume(w.t.Context(), w.machine.Clusters()[0].Name))
		}, true},
		{"one whose nodes have stopped is made anew", func(w *world) {
			w.kill()
			broken := w.machine.Clusters()[0]
			broken.State = cluster.Broken
			w.machine.Put(broken)
		}, false},
		{"one that is gone is made anew", func(w *world) {
			w.kill()
			w.machine.Lose(w.machine.Clusters()[0].Name)
		}, false},
		{"one that somebody has used is removed", func(w *world) {
			w.kill()
			must(w.t, w.machine.Take(w.t.Context(), w.machine.Clusters()[0].Name))
		}, false},
		{"one without a row is removed", func(w *world) {
			w.kill()
			must(w.t, w.db.DropSpare(w.t.Context(), w.machine.Clusters()[0].Name))
		}, false},
		{"one after an orderly end is kept", func(w *world) { w.stop() }, true},
	} {
		t.Run(c.name, func(t *testing.T) {
			inWorld(t, pooled(1), func(t *testing.T, w *world) {
				time.Sleep(filled)
				name := w.spares(1)[0].Name
				c.before(w)
				w.run()
				time.Sleep(2 * time.Minute)
				if got := w.spares(1)[0].Name; (got == name) != c.kept {
					t.Errorf("the spare was %s, is %s", name, got)
				}
				w.machineHas(cluster.Paused)
			})
		})
	}
}

// fate kills the server before its nth action: nothing that it does afterwards
// reaches the machine or the store.
type fate struct {
	machine *clustertest.Machine
	cut     chan struct{} // closed when it strikes

	mu   sync.Mutex
	left int  // actions until then; guarded by mu
	dead bool // guarded by mu
}

func (f *fate) act() error {
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.left--; f.left == 0 {
		f.dead = true
		f.machine.Unplug()
		close(f.cut)
	}
	if f.dead {
		return errors.New("killed")
	}
	return nil
}

func (f *fate) struck() bool {
	select {
	case <-f.cut:
		return true
	default:
		return false
	}
}

func (f *fate) revive() {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.dead = false
}

// mortalRows and mortalSpares are stores whose writes are actions.
type mortalRows struct {
	sandbox.Store
	fate *fate
}

func (m mortalRows) SaveSession(ctx context.Context, s labs.Session) error {
	if err := m.fate.act(); err != nil {
		return err
	}
	return m.Store.SaveSession(ctx, s)
}

type mortalSpares struct {
	spareRows
	fate *fate
}

type spareRows = sandbox.Spares

func (m mortalSpares) SaveSpare(ctx context.Context, s labs.Spare) error {
	if err := m.fate.act(); err != nil {
		return err
	}
	return m.spareRows.SaveSpare(ctx, s)
}

func (m mortalSpares) DropSpare(ctx context.Context, cluster string) error {
	if err := m.fate.act(); err != nil {
		return err
	}
	return m.spareRows.DropSpare(ctx, cluster)
}

func (m mortalSpares) TakeSpare(ctx context.Context, s labs.Session) error {
	if err := m.fate.act(); err != nil {
		return err
	}
	return m.spareRows.TakeSpare(ctx, s)
}

// A server that is killed between any two things it does for a spare, a start from
// it, a reset and an end leaves nothing that the next one does not put right.
func TestKillBetweenAnyTwoActions(t *testing.T) {
	for nth, reached := 1, true; reached; nth++ {
		synctest.Test(t, func(t *testing.T) {
			w := newWorld(t)
			f := &fate{machine: w.machine, cut: make(chan struct{}), left: nth}
			w.cfg.Pool, w.cfg.Store, w.cfg.Spares = 1, mortalRows{w.db, f}, mortalSpares{w.db, f}
			w.machine.OnCall(func(_ context.Context, c clustertest.Call) error {
				if c.Op == clustertest.List {
					return nil
				}
				return f.act()
			})
			w.run()
			s := w.usePool(f)
			reached = f.struck()
			w.kill()
			f.revive()
			w.run()
			time.Sleep(2 * time.Minute)
			w.afterTheKill(s, nth)
			w.stop()
		})
		if !reached {
			t.Logf("%d actions", nth-1)
		}
	}
}

// usePool has a spare made, taken, swapped in and given up, or as much of it as
// happens before the server is killed.
func (w *world) usePool(f *fate) (s labs.Session) {
	for _, do := range []func() error{
		func() error { return nil },
		func() (err error) { s, _, err = w.fleet.Start(w.t.Context(), ann, lab); return err },
		func() error { return w.fleet.Reset(w.t.Context(), s.ID) },
		func() error { return w.fleet.End(w.t.Context(), s.ID) },
	} {
		if err := do(); err != nil && !f.struck() {
			w.t.Fatal(err)
		}
		time.Sleep(filled)
		if f.struck() {
			return s
		}
	}
	return s
}

func (w *world) afterTheKill(s labs.Session, nth int) {
	w.t.Helper()
	w.spares(1)
	want := []cluster.State{cluster.Paused}
	if s.ID != "" {
		now, err := w.fleet.Session(w.t.Context(), s.ID)
		must(w.t, err)
		if now.State != labs.Ready && now.State != labs.Ended {
			w.t.Errorf("killed at call %d: the session is %+v", nth, now)
		}
		if now.Open() {
			want = []cluster.State{cluster.Running, cluster.Paused}
		}
	}
	got := w.machine.Clusters()
	if len(got) != len(want) {
		w.t.Errorf("killed at call %d: the machine has %+v, want %v", nth, got, want)
	}
}

// A cluster that began as a spare is not left for a minute because its labels name
// nobody.
func TestSessionOnASpareThatEndsDuringAKill(t *testing.T) {
	inWorld(t, pooled(0), func(t *testing.T, w *world) {
		now := time.Now()
		synctest.Wait()
		w.stop()
		ended := labs.Session{ID: "x", LearnerID: ann.ID, LabID: lab.ID, Cluster: "greenbox-y", State: labs.Ended, CreatedAt: now}
		must(t, w.db.SaveSession(t.Context(), ended))
		w.machine.Put(cluster.Cluster{Name: "greenbox-y", Created: now, State: cluster.Running})
		w.run()
		w.machineHas()
	})
}
