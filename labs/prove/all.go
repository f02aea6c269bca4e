package prove

import (
	"context"
	"errors"
	"sync"
	"time"
)

// Open makes a cluster for a lab, or has one at hand. Remove gives it back and
// does not need ctx to last.
type Open func(ctx context.Context, lab string) (c Cluster, remove func() error, err error)

// All proves every task, each on a cluster of its own: so many at once as parallel
// says, while the cluster of the next one is being made. It returns when every
// cluster has been given back. The results come one at a time; the error says
// that ctx ended or that a cluster could not be given back.
func All(ctx context.Context, tasks []Task, open Open, parallel int, tell func(Result)) error {
	r := &run{tell: tell, proving: make(chan struct{}, parallel)}
	clusters := make(chan struct{}, parallel+1)
	for _, t := range tasks {
		if !enter(ctx, clusters) {
			break
		}
		began := time.Now()
		c, remove, err := open(ctx, t.Lab.ID)
		if ctx.Err() == nil {
			r.say(Result{Lab: t.Lab.ID, Scenario: ScenarioCluster, Took: time.Since(began), Wrong: sentence(err)})
		}
		if err != nil {
			<-clusters
			continue
		}
		r.running.Go(func() {
			r.prove(ctx, t, c)
			r.fail(remove())
			<-clusters
		})
	}
	r.running.Wait()
	return errors.Join(ctx.Err(), r.err)
}

// run is what the tasks under way share.
type run struct {
	proving chan struct{}
	running sync.WaitGroup

	mu   sync.Mutex
	tell func(Result) // guarded by mu
	err  error        // guarded by mu
}

func (r *run) prove(ctx context.Context, t Task, c Cluster) {
	if !enter(ctx, r.proving) {
		return
	}
	defer func() { <-r.proving }()
	_ = t.Run(ctx, c, r.say) // its only error is ctx's, which All returns
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

// enter takes a place and reports whether it could before ctx ended.
func enter(ctx context.Context, places chan<- struct{}) bool {
	select {
	case <-ctx.Done():
		return false
	default:
	}
	select {
	case places <- struct{}{}:
		return true
	case <-ctx.Done():
		return false
	}
}
