package sandbox_test

import (
	"errors"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/greenbox-lab/greenbox/labs"
	"github.com/greenbox-lab/greenbox/sandbox/cluster"
	"github.com/greenbox-lab/greenbox/sandbox/cluster/clustertest"
)

func TestRestoreLeadsToTheStep(t *testing.T) {
	inWorld(t, nil, func(t *testing.T, w *world) {
		box := w.sandbox(w.ready().ID)
		var mu sync.Mutex // both nodes are asked at once
		var ran []string
		w.machine.OnRun(func(c clustertest.Call) cluster.Result {
			mu.Lock()
			defer mu.Unlock()
			ran = append(ran, c.Stdin)
			return cluster.Result{}
		})
		must(t, box.Restore(t.Context(), "second"))
		if n := len(ran); n != 7 || !slices.Equal(ran[5:], []string{lab.Setup, "echo amber"}) {
			t.Errorf("%d scripts, the last %q", n, ran[max(0, n-2):])
		}
		if err := box.Restore(t.Context(), "third"); !errors.Is(err, labs.ErrNotFound) {
			t.Errorf("a step that is not: %v", err)
		}
	})
}

func TestOneRestoreAtATime(t *testing.T) {
	inWorld(t, nil, func(t *testing.T, w *world) {
		box := w.sandbox(w.ready().ID)
		w.machine.OnRun(func(clustertest.Call) cluster.Result {
			time.Sleep(time.Second)
			return cluster.Result{}
		})
		first := make(chan error, 1)
		go func() { first <- box.Restore(t.Context(), "first") }()
		time.Sleep(time.Second)
		if err := box.Restore(t.Context(), "first"); !errors.Is(err, labs.ErrBusy) {
			t.Errorf("a second one: %v", err)
		}
		must(t, <-first)
		must(t, box.Restore(t.Context(), "first"))
	})
}

func TestRestoreThatFails(t *testing.T) {
	inWorld(t, nil, func(t *testing.T, w *world) {
		s := w.ready()
		w.onSetup(cluster.Result{ExitCode: 4, Output: []byte("no room\n")})
		err := w.sandbox(s.ID).Restore(t.Context(), "first")
		if err == nil || !strings.Contains(err.Error(), "the lab's setup failed (exit code 4): no room") {
			t.Errorf("got %v", err)
		}
		w.is(s.ID, labs.Ready)
	})
}

func TestRestoreWhoseClusterIsTakenAway(t *testing.T) {
	for _, c := range []struct {
		name string
		take func(*world, string) error
		want error
	}{
		{"by the end", func(w *world, id string) error { return w.fleet.End(w.t.Context(), id) }, labs.ErrEnded},
		{"by a reset", func(w *world, id string) error { return w.fleet.Reset(w.t.Context(), id) }, labs.ErrNotReady},
	} {
		t.Run(c.name, func(t *testing.T) {
			inWorld(t, nil, func(t *testing.T, w *world) {
				s := w.ready()
				box := w.sandbox(s.ID)
				w.hang(clustertest.Run)
				got := make(chan error, 1)
				go func() { got <- box.Restore(t.Context(), "first") }()
				time.Sleep(time.Second)
				w.fault(func(clustertest.Call) error { return nil })
				must(t, c.take(w, s.ID))
				if err := <-got; !errors.Is(err, c.want) {
					t.Errorf("got %v", err)
				}
			})
		})
	}
}
