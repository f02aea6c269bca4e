package prove

import (
	"context"
	"errors"
	"sync"
	"time"
)

// Open makes a cluster, or has one at hand; lab is the first that is proved on it.
// Remove gives it back and does not need ctx to last.
type Open func(ctx context.Context, lab string) (c Cluster, remove func() error, err error)

// All proves the tasks, so many at once as parallel says, each with a cluster to
// itself meanwhile. A cluster goes from one task to the next, since every scenario
// begins by restoring it, but not from a task of which a scenario failed. It
// returns when every cluster has been given back. The results come one at a time;
// the error says that ctx ended or that a cluster could not be given back.
func All(ctx context.Context, tasks []Task, open Open, parallel int, tell func(Result)) error {
	r := &run{open: open, tell: tell, waiting: make(chan Task, len(tasks))}
	for _, t := range tasks {
		r.waiting <- t
	}
	close(r.waiting)
	var workers sync.WaitGroup
	for range min(parallel, len(tasks)) {
		workers.Go(func() { r.fail(r.work(ctx)) })
	}
	workers.Wait()
	return errors.Join(ctx.Err(), r.err)
}

// run is what the workers share.
type run struct {
	open    Open
	waiting chan Task

	mu   sync.Mutex
	tell func(Result) // guarded by mu
	err  error        // guarded by mu
}

// work proves one task after the other until none is waiting or ctx ends.
func (r *run) work(ctx context.Context) (err error) {
	var c Cluster
	var remove func() error
	giveBack := func() {
		if c != nil {
			err = errors.Join(err, remove())
			c = nil
		}
	}
	defer giveBack()
	for t := range r.waiting {
		if ctx.Err() != nil {
			return err
		}
		if c == nil {
			began := time.Now()
			made, discard, failure := r.open(ctx, t.Lab.ID)
			if ctx.Err() == nil {
				r.say(Result{Lab: t.Lab.ID, Scenario: ScenarioCluster, Took: time.Since(began), Wrong: sentence(failure)})
			}
			if failure != nil {
				continue
			}
			c, remove = made, discard
		}
		if !r.prove(ctx, t, c) {
			giveBack()
		}
	}
	return err
}

// prove reports whether every scenario of the task went as it must.
func (r *run) prove(ctx context.Context, t Task, c Cluster) bool {
	sound := true
	err := t.Run(ctx, c, func(result Result) {
		sound = sound && result.Wrong == ""
		r.say(result)
	})
	return sound && err == nil
}

func (r *run) say(result Result) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.tell(result)
}

func (r *run) fail(err error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.err = errors.Join(r.err, err)
}
