package sandbox

import (
	"cmp"
	"context"
	"time"

	"github.com/greenbox-lab/greenbox/labs"
)

const (
	revivals    = 2 // at once: each boots a whole cluster
	reviveTries = 4 // then it waits until it is used
)

// revive makes a session ready again whose cluster stopped while it was in use. It
// does not wait for that.
func (f *Fleet) revive(ctx context.Context, s *Sandbox) {
	err := f.spawn(func(ctx context.Context) {
		for try := 1; f.reviveOnce(ctx, s) && try < reviveTries && sleep(ctx, rounds); try++ {
		}
	})
	if err != nil {
		f.cfg.Log.InfoContext(ctx, "a stopped cluster is left to the next run", "session", s.id, "error", err)
	}
}

// reviveOnce takes its turn and resumes the session, unless someone else has meanwhile.
// It reports whether that is worth another try.
func (f *Fleet) reviveOnce(ctx context.Context, s *Sandbox) (again bool) {
	select {
	case f.revivals <- struct{}{}:
		defer func() { <-f.revivals }()
	case <-s.over:
		return false
	case <-ctx.Done():
		return false
	}
	if s.Session().State != labs.Paused {
		return false
	}
	began := time.Now()
	if err := f.resume(ctx, s); err != nil { // which has been logged
		return s.Session().State == labs.Paused
	}
	f.cfg.Log.InfoContext(ctx, "cluster revived", "session", s.id, "took", time.Since(began).Round(time.Millisecond))
	return false
}

// replace gives a session a fresh cluster in the place of one that cannot come back,
// while it still has that one's nodes: as a reset does, but attempts count on. The
// error is for whoever waited for the cluster.
func (f *Fleet) replace(ctx context.Context, s *Sandbox, on *nodes) error {
	lab, err := f.cfg.Labs(s.Session().LabID)
	if err != nil {
		err = f.changeOn(ctx, s, on, broken("The session's cluster was damaged when the machine stopped, and the server no longer has this lab."))
		return cmp.Or(err, labs.ErrEnded)
	}
	f.cfg.Log.WarnContext(ctx, "replace a damaged cluster", "session", s.id, "cluster", s.cluster())
	err = f.anew(ctx, s, lab, func() bool { return s.onNodes() == on }, replaced)
	return cmp.Or(err, labs.ErrNotReady)
}

// replaced is the edit that says when the session's cluster was replaced.
func replaced(s labs.Session) labs.Session {
	s.ReplacedAt = time.Now().UTC().Truncate(time.Microsecond)
	return s
}
