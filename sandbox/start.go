package sandbox

import (
	"context"
	"crypto/rand"
	"slices"
	"strings"
	"time"

	"github.com/greenbox-lab/greenbox/labs"
)

// Start returns the learner's open session at the lab: the one there already
// is, or a new one (created), whose cluster is made in the background. It never
// waits for a cluster. A learner who has as many open sessions as allowed gets
// a *labs.SessionLimitError.
func (f *Fleet) Start(ctx context.Context, learner labs.Learner, lab labs.Lab) (_ labs.Session, created bool, err error) {
	if err := f.await(ctx, f.loaded); err != nil {
		return labs.Session{}, false, err
	}
	for {
		s, mine, err := f.claim(learner, lab)
		if err != nil {
			return labs.Session{}, false, err
		}
		if mine {
			return f.open(ctx, s)
		}
		if err := f.await(ctx, s.saved); err != nil {
			return labs.Session{}, false, err
		}
		if now := s.Session(); now.Open() && f.lookup(now.ID) == s {
			return now, false, nil
		}
	}
}

// claim returns the learner's sandbox at the lab, or a new one, not saved yet
// and the caller's to open (mine).
func (f *Fleet) claim(learner labs.Learner, lab labs.Lab) (_ *Sandbox, mine bool, err error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	var open []labs.Session
	for _, s := range f.sandboxes {
		now := s.Session()
		if now.LearnerID != learner.ID || !now.Open() {
			continue
		}
		if now.LabID == lab.ID {
			return s, false, nil
		}
		open = append(open, now)
	}
	if f.cfg.Limit > 0 && len(open) >= f.cfg.Limit {
		return nil, false, &labs.SessionLimitError{Limit: f.cfg.Limit, Open: idsByAge(open)}
	}
	now, start := f.begin(f.draft(learner, lab), lab)
	s := f.newSandbox(now)
	s.start = start
	f.sandboxes[s.id] = s
	return s, true, nil
}

func (f *Fleet) draft(learner labs.Learner, lab labs.Lab) labs.Session {
	now := time.Now().UTC().Truncate(time.Microsecond)
	s := labs.Session{ID: newID(), LearnerID: learner.ID, LabID: lab.ID, CreatedAt: now}
	if f.cfg.Lifetime > 0 {
		s.ExpiresAt = now.Add(f.cfg.Lifetime)
	}
	return s
}

// open saves and publishes a claimed sandbox and lets its life begin.
func (f *Fleet) open(ctx context.Context, s *Sandbox) (labs.Session, bool, error) {
	err := f.firstSave(ctx, s)
	if err != nil {
		f.giveUp(s.start)
		f.forget(s)
	}
	close(s.saved)
	if err != nil {
		return labs.Session{}, false, err
	}
	now := s.Session()
	if err := f.spawn(func(ctx context.Context) { f.live(ctx, s) }); err != nil {
		// The row is saved: the next Run begins where this one could not.
		f.cfg.Log.WarnContext(ctx, "start left to the next run", "session", s.id, "error", err)
	}
	return now, true, nil
}

func (f *Fleet) firstSave(ctx context.Context, s *Sandbox) error {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), saveTimeout)
	defer cancel()
	return f.record(ctx, s, labs.Session{}, s.Session())
}

func idsByAge(sessions []labs.Session) []string {
	slices.SortFunc(sessions, func(a, b labs.Session) int { return a.CreatedAt.Compare(b.CreatedAt) })
	ids := make([]string, len(sessions))
	for i, s := range sessions {
		ids[i] = s.ID
	}
	return ids
}

// newID returns 60 random bits in letters and digits that may stand in the name
// of a cluster.
func newID() string { return strings.ToLower(rand.Text()[:12]) }

func clusterName(sessionID string) string { return "greenbox-" + sessionID }
