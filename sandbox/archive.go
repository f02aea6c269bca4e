package sandbox

import (
	"context"
	"errors"
	"io"
	"os"
	"slices"
	"time"

	"github.com/greenbox-lab/greenbox/labs"
	"github.com/greenbox-lab/greenbox/sandbox/archive"
	"github.com/greenbox-lab/greenbox/sandbox/cluster"
	"k8s.io/client-go/rest"
)

const (
	saveTryTimeout = 30 * time.Second // for one try to collect a session's work
	savePatience   = 5 * time.Minute  // for nodes that do not give all
	apiPatience    = 20 * time.Second // for the API server, where the nodes have given all
	saveTries      = 3                // at least, however long they take
	savesAtOnce    = 4
	archiveLife    = 30 * 24 * time.Hour
	pruneEvery     = time.Hour
)

// Archive says what became of the work of a session.
func (f *Fleet) Archive(id string) labs.Archive {
	if f.cfg.Archives == nil {
		return labs.Archive{}
	}
	if size, err := f.cfg.Archives.Size(id); err == nil {
		return labs.Archive{State: labs.ArchiveSaved, Size: size}
	}
	if s := f.lookup(id); s != nil && s.hasWork() {
		return labs.Archive{State: labs.ArchiveSaving}
	}
	return labs.Archive{}
}

// OpenArchive returns a session's archive, which the caller closes, or labs.ErrNotFound.
func (f *Fleet) OpenArchive(id string) (*os.File, error) {
	if f.cfg.Archives == nil {
		return nil, labs.ErrNotFound
	}
	return f.cfg.Archives.Open(id)
}

// hasWork reports whether the session has ended and its work is still to be saved.
func (s *Sandbox) hasWork() bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.work
}

// saveWork archives what the learner made, if anything, before the cluster is
// removed, and says so. It reports whether the cluster may be removed now: not when
// ctx ended first, for then the next Run saves.
func (f *Fleet) saveWork(ctx context.Context, s *Sandbox) bool {
	if f.cfg.Archives == nil || !s.hasWork() {
		return true
	}
	begun := time.Now()
	err := f.collect(ctx, s)
	if ctx.Err() != nil && err != nil {
		return false
	}
	took := time.Since(begun).Round(time.Millisecond)
	if err != nil {
		f.cfg.Log.WarnContext(ctx, "not all of a session's work was saved", "session", s.id, "took", took, "error", err)
	} else {
		f.cfg.Log.InfoContext(ctx, "a session's work is saved", "session", s.id, "took", took)
	}
	s.mu.Lock()
	s.work = false
	s.mu.Unlock()
	f.cfg.Publish(labs.SessionChanged{Now: s.Session()})
	return true
}

// collect tries until all is saved, the cluster is gone, or patience with it has run
// out; then it settles for what there is. The engine and the disk are waited for
// however long they take. The error is that of the last try.
func (f *Fleet) collect(ctx context.Context, s *Sandbox) error {
	tries, begun := 0, time.Time{} // of those at which only the cluster is to blame
	for pause := 2 * time.Second; ; pause = min(2*pause, 30*time.Second) {
		select {
		case f.saves <- struct{}{}:
		case <-ctx.Done():
			return ctx.Err()
		}
		if tries++; tries == 1 {
			begun = time.Now()
		}
		err := f.collectOnce(ctx, s)
		<-f.saves
		if err == nil || ctx.Err() != nil {
			return err
		}
		f.cfg.Log.WarnContext(ctx, "save a session's work", "session", s.id, "error", err)
		incomplete := (*archive.IncompleteError)(nil)
		there, unknown := f.exists(ctx, s.cluster())
		switch {
		case unknown != nil || there && !errors.As(err, &incomplete):
			tries = 0
		case !there || tries >= saveTries && time.Since(begun)+pause > patience(incomplete):
			settled := f.cfg.Archives.Settle(s.id)
			if settled == nil || errors.Is(settled, labs.ErrNotFound) {
				return err
			}
			f.cfg.Log.WarnContext(ctx, "keep what there is of a session's work", "session", s.id, "error", settled)
		}
		if !sleep(ctx, pause) {
			return ctx.Err()
		}
	}
}

// patience is how long it is tried to save a session's work where that is what is
// missing.
func patience(of *archive.IncompleteError) time.Duration {
	if slices.Equal(of.Missing, []string{archive.Objects}) {
		return apiPatience
	}
	return savePatience
}

func (f *Fleet) collectOnce(ctx context.Context, s *Sandbox) error {
	now := s.Session()
	woken, cancel := context.WithTimeout(ctx, saveTryTimeout/2)
	defer cancel()
	if err := f.cfg.Pauser.Resume(woken, now.Cluster); err != nil {
		f.cfg.Log.WarnContext(ctx, "resume a cluster to save what is in it", "session", s.id, "error", err)
	}
	ctx, cancel = context.WithTimeout(ctx, saveTryTimeout)
	defer cancel()
	work := archive.Work{Session: now, Steps: f.verdicts(ctx, now), Ended: time.Now(), Reach: reach{f.cfg.Access, now.Cluster}}
	return f.cfg.Archives.Collect(ctx, work)
}

// verdicts are where the learner stands; without them the work is worth as much.
func (f *Fleet) verdicts(ctx context.Context, now labs.Session) []labs.StepVerdict {
	lab, err := f.cfg.Labs(now.LabID)
	if err != nil || f.cfg.Verdicts == nil {
		return nil
	}
	verdicts, err := f.cfg.Verdicts(ctx, now.ID, lab.Steps)
	if err != nil {
		f.cfg.Log.WarnContext(ctx, "read the verdicts of an ended session", "session", now.ID, "error", err)
	}
	return verdicts
}

// exists reports whether the machine has the cluster.
func (f *Fleet) exists(ctx context.Context, name string) (bool, error) {
	ctx, cancel := context.WithTimeout(ctx, listTimeout)
	defer cancel()
	clusters, err := f.cfg.Provider.List(ctx)
	return slices.ContainsFunc(clusters, func(c cluster.Cluster) bool { return c.Name == name }), err
}

// saveFirst serves an ended session again, until its work is saved and its cluster
// removed, where the last Run could not do that. It reports whether it does.
func (f *Fleet) saveFirst(ctx context.Context, c cluster.Cluster) bool {
	if f.cfg.Archives == nil {
		return false
	}
	row, err := f.cfg.Store.SessionOn(ctx, c.Name) // a cluster that was a spare has no session's label
	if err != nil || row.State != labs.Ended || row.ReadyAt.IsZero() {
		return false
	}
	if _, err := f.cfg.Archives.Size(row.ID); err == nil {
		return false
	}
	s := f.newSandbox(row)
	s.work = true
	close(s.saved)
	close(s.over)
	f.hold(s)
	if err := f.spawn(func(ctx context.Context) { f.live(ctx, s) }); err != nil {
		f.cfg.Log.InfoContext(ctx, "work left to be saved by the next run", "session", s.id, "error", err)
	}
	return true
}

// pruneArchives removes archives that are too old, at most once every pruneEvery
// after last; it returns when it last did.
func (f *Fleet) pruneArchives(ctx context.Context, last time.Time) time.Time {
	now := time.Now()
	if f.cfg.Archives == nil || now.Sub(last) < pruneEvery {
		return last
	}
	if err := f.cfg.Archives.Prune(now.Add(-archiveLife)); err != nil {
		f.cfg.Log.ErrorContext(ctx, "remove old archives", "error", err)
	}
	return now
}

// reach is the way into one cluster.
type reach struct {
	access  cluster.Access
	cluster string
}

func (r reach) Dial(ctx context.Context, node string, argv []string) (io.ReadWriteCloser, error) {
	return r.access.Dial(ctx, r.cluster, node, argv)
}

func (r reach) Config(ctx context.Context) (*rest.Config, error) {
	return r.access.Config(ctx, r.cluster)
}
