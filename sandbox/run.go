package sandbox

import (
	"context"
	"fmt"
	"sync"
	"time"

	"github.com/greenbox-lab/greenbox/labs"
	"github.com/greenbox-lab/greenbox/sandbox/cluster"
)

// rounds is how long a join waits for the next one.
const rounds = 15 * time.Second

// Run adopts what the last run left, then keeps sessions and clusters in step
// until ctx ends. It blocks, also then: the clusters in use are paused at once,
// within pauseTimeout. Beside that it waits for the starts and removals under
// way, which end when the provider has cleaned up after them, and then pauses
// what still runs. A kill during that wait loses nothing: the next Run removes
// what is half made. Sessions that were starting are left as they stand and
// start again in the next Run. A Fleet runs once.
func (f *Fleet) Run(ctx context.Context) error {
	open, err := f.cfg.Store.OpenSessions(ctx)
	if err != nil {
		close(f.stopped)
		return fmt.Errorf("adopt sessions: %w", err)
	}
	if err := f.loadPool(ctx); err != nil {
		close(f.stopped)
		return fmt.Errorf("adopt spares: %w", err)
	}
	var serving sync.WaitGroup
	serving.Go(func() { f.keep(ctx, open) })
	serving.Go(func() { f.patrol(ctx) })
	serving.Go(func() { f.usher(ctx) })
	serving.Go(func() { f.supply(ctx) })
	for ctx.Err() == nil {
		select {
		case job := <-f.jobs:
			serving.Go(func() { job(ctx) })
		case <-ctx.Done():
		}
	}
	close(f.stopped)
	last := context.WithoutCancel(ctx)
	var pausing sync.WaitGroup
	pausing.Go(func() { f.pauseAll(last, f.inUse) })
	serving.Wait()
	pausing.Wait()
	f.pauseAll(last, func(cluster.Cluster) bool { return true })
	return nil
}

// spawn has Run start job in a goroutine of its own; job ends soon after its
// ctx. It blocks no longer than Run does between two jobs.
func (f *Fleet) spawn(job func(context.Context)) error {
	select {
	case f.jobs <- job:
		return nil
	case <-f.stopped:
		return ErrStopping
	}
}

// keep adopts the open rows, then keeps rows and clusters in step, round by round.
func (f *Fleet) keep(ctx context.Context, open []labs.Session) {
	for _, row := range open {
		f.adopt(ctx, row)
	}
	close(f.loaded)
	var pruned time.Time
	for first := true; ; {
		pruned = f.pruneArchives(ctx, pruned)
		spares := f.pool.idle()
		clusters, err := f.join(ctx)
		switch {
		case err == nil:
			f.tend(ctx, spares, clusters)
			if first {
				close(f.joined)
				first = false
				f.announce(ctx)
			}
			f.reap(ctx, clusters)
		case ctx.Err() == nil:
			f.cfg.Log.ErrorContext(ctx, "join sessions and clusters", "error", err)
		}
		if !sleep(ctx, rounds) {
			return
		}
	}
}

// announce publishes the sessions that are ready when Run begins: nothing changed
// in them, but whoever follows changes has not heard of them.
func (f *Fleet) announce(ctx context.Context) {
	for _, s := range f.all() {
		if err := f.tell(ctx, s); err != nil {
			f.cfg.Log.ErrorContext(ctx, "tell of a ready session", "session", s.id, "error", err)
		}
	}
}

// adopt gives a row that nobody here serves its sandbox. A start that was cut
// short takes a place in line again.
func (f *Fleet) adopt(ctx context.Context, row labs.Session) {
	s := f.newSandbox(row)
	s.adopted = true
	close(s.saved)
	if row.Cluster != "" { // room was found for it
		f.line.hold(s.id)
	}
	var err error
	if row.State == labs.Queued || row.State == labs.Preparing {
		if s.lab, err = f.cfg.Labs(row.LabID); err == nil {
			s.ticket, _ = f.enter(s.id, s.lab)
		}
	}
	f.hold(s)
	if err != nil {
		f.cfg.Log.ErrorContext(ctx, "start again", "session", s.id, "lab", row.LabID, "error", err)
		f.settle(ctx, s, broken("The server was restarted during the start, and no longer has this lab."))
	}
	if err := f.spawn(func(ctx context.Context) { f.live(ctx, s) }); err != nil {
		f.cfg.Log.InfoContext(ctx, "session left to the next run", "session", s.id, "error", err)
	}
}

// inUse reports whether a cluster is neither being made, resumed nor removed.
func (f *Fleet) inUse(c cluster.Cluster) bool {
	s := f.holder(c.Name)
	if s == nil {
		return false
	}
	now, resuming := s.look()
	return !resuming && (now.State == labs.Ready || now.State == labs.Paused)
}

// pauseAll pauses every running cluster that is wanted, whoever's it is: nothing
// may burn CPU behind a stopped server. Ready sessions are paused in the store
// before.
func (f *Fleet) pauseAll(ctx context.Context, wanted func(cluster.Cluster) bool) {
	ctx, cancel := context.WithTimeout(ctx, pauseTimeout)
	defer cancel()
	clusters, err := f.cfg.Provider.List(ctx)
	if err != nil {
		f.cfg.Log.ErrorContext(ctx, "pause the clusters: list", "error", err)
		return
	}
	var pausing sync.WaitGroup
	for _, c := range clusters {
		if c.State == cluster.Running && wanted(c) {
			pausing.Go(func() { f.pause(ctx, c) })
		}
	}
	pausing.Wait()
}

func (f *Fleet) pause(ctx context.Context, c cluster.Cluster) {
	if s := f.holder(c.Name); s != nil {
		isReady := func() bool { return s.Session().State == labs.Ready && s.cluster() == c.Name }
		if err := f.changeIf(ctx, s, isReady, to(labs.Paused)); err != nil {
			f.cfg.Log.ErrorContext(ctx, "save a paused session", "session", s.id, "error", err)
		}
	}
	if err := f.cfg.Pauser.Pause(ctx, c.Name); err != nil {
		f.cfg.Log.ErrorContext(ctx, "pause a cluster", "cluster", c.Name, "error", err)
	}
}
