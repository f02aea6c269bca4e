package sandbox

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/greenbox-lab/greenbox/labs"
	"github.com/greenbox-lab/greenbox/sandbox/cluster"
	"golang.org/x/sync/errgroup"
)

// grace is how old a cluster must be to be removed because no row names it.
const grace = time.Minute

// sight is a session that has its cluster, as it was before the clusters were
// listed.
type sight struct {
	s   *Sandbox
	now labs.Session
}

// join makes the rows say what the machine does, and adopts rows that nobody
// serves. Doing it again changes nothing; when the store or the machine does
// not answer, nothing is changed at all. It returns what the machine has.
func (f *Fleet) join(ctx context.Context) ([]cluster.Cluster, error) {
	seen := f.settled()
	ctx, cancel := context.WithTimeout(ctx, listTimeout)
	defer cancel()
	clusters, err := f.cfg.Provider.List(ctx)
	if err != nil {
		return nil, fmt.Errorf("list clusters: %w", err)
	}
	byName := map[string]cluster.State{}
	for _, c := range clusters {
		byName[c.Name] = c.State
	}
	for _, at := range seen {
		f.match(ctx, at, byName[at.now.Cluster])
	}
	return clusters, f.adoptStrays(ctx)
}

// settled returns the sessions whose cluster should be there and is not being
// resumed.
func (f *Fleet) settled() []sight {
	var list []sight
	for _, s := range f.all() {
		now, resuming := s.look()
		if !resuming && (now.State == labs.Ready || now.State == labs.Paused) {
			list = append(list, sight{s, now})
		}
	}
	return list
}

// look returns the session and whether it is being resumed or paused.
func (s *Sandbox) look() (now labs.Session, flying bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.now, s.flight != nil
}

// stillTrue reports whether nothing has happened to the session since.
func (at sight) stillTrue() bool {
	now, resuming := at.s.look()
	return now == at.now && !resuming
}

// lost is the end of a session whose cluster someone removed.
const lost = "The session's cluster was lost: it is no longer on the machine."

// match makes a session's row say what its cluster does. A stopped cluster is
// shown as paused; one that was in use is revived. One that runs while its session is
// paused is resumed: a server that was killed may have started it, and not looked
// whether it is whole.
func (f *Fleet) match(ctx context.Context, at sight, state cluster.State) {
	if state == cluster.Running && at.now.State == labs.Paused {
		f.resumeSoon(at.s, "resume a session whose cluster runs")
		return
	}
	mend := broken(lost)
	switch state {
	case cluster.Running:
		mend = to(labs.Ready)
	case cluster.Paused, cluster.Stopped, cluster.Broken:
		mend = to(labs.Paused)
	}
	if mend(at.now) == at.now {
		return
	}
	f.cfg.Log.InfoContext(ctx, "the machine differs from the row", "session", at.now.ID,
		"row", at.now.State, "cluster", at.now.Cluster, "machine", state)
	err := f.changeIf(ctx, at.s, at.stillTrue, mend)
	if err != nil && !errors.Is(err, labs.ErrEnded) {
		f.cfg.Log.ErrorContext(ctx, "mend a row", "session", at.now.ID, "error", err)
	}
	if err == nil && at.now.State == labs.Ready && (state == cluster.Stopped || state == cluster.Broken) {
		f.revive(ctx, at.s)
	}
}

// adoptStrays adopts open rows without a sandbox: a save that was given up may
// have reached the store after all.
func (f *Fleet) adoptStrays(ctx context.Context) error {
	open, err := f.cfg.Store.OpenSessions(ctx)
	if err != nil {
		return fmt.Errorf("list open sessions: %w", err)
	}
	for _, row := range open {
		if f.lookup(row.ID) != nil {
			continue
		}
		row, err := f.cfg.Store.Session(ctx, row.ID) // once more: a sandbox that ended meanwhile is gone, too
		if err != nil {
			return err
		}
		if row.Open() {
			f.adopt(ctx, row)
		}
	}
	return nil
}

// reap removes clusters that no session has.
func (f *Fleet) reap(ctx context.Context, clusters []cluster.Cluster) {
	var reaping errgroup.Group
	reaping.SetLimit(4)
	for _, c := range clusters {
		if ctx.Err() != nil || !f.orphaned(ctx, c) || f.saveFirst(ctx, c) {
			continue
		}
		reaping.Go(func() error {
			f.cfg.Log.InfoContext(ctx, "remove an orphaned cluster", "cluster", c.Name, "session", c.Labels.Session)
			if err := f.delete(ctx, c.Name); err != nil {
				f.cfg.Log.ErrorContext(ctx, "remove an orphaned cluster", "cluster", c.Name, "error", err)
			}
			return nil
		})
	}
	_ = reaping.Wait() // each has logged its own error; the next round tries again
}

// orphaned reports whether a cluster may be removed: at once when the session that
// has it is over, after a grace when no row names it. A spare's row is there before
// the spare is.
func (f *Fleet) orphaned(ctx context.Context, c cluster.Cluster) bool {
	if f.Holds(c.Name) {
		return false
	}
	row, err := f.cfg.Store.SessionOn(ctx, c.Name)
	if errors.Is(err, labs.ErrNotFound) {
		return c.Labels.Spare || time.Since(c.Created) > grace
	}
	return err == nil && !row.Open()
}
