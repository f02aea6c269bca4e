package sandbox

import (
	"cmp"
	"context"
	"errors"
	"time"

	"github.com/greenbox-lab/greenbox/labs"
	"github.com/greenbox-lab/greenbox/sandbox/terminal"
)

// warnings are what may be left of a session when its learner is told so, the
// longest first.
func warnings() []time.Duration {
	return []time.Duration{30 * time.Minute, 10 * time.Minute, 2 * time.Minute}
}

// expire ends the sessions whose time is over.
func (f *Fleet) expire(ctx context.Context) {
	for _, s := range f.all() {
		now := s.Session()
		if !now.Open() || now.ExpiresAt.IsZero() || time.Now().Before(now.ExpiresAt) {
			continue
		}
		still := func() bool { return s.Session().ExpiresAt.Equal(now.ExpiresAt) }
		err := f.changeIf(ctx, s, still, to(labs.Ended))
		if err != nil && !errors.Is(err, labs.ErrEnded) {
			f.cfg.Log.ErrorContext(ctx, "end an expired session", "session", s.id, "error", err)
		}
	}
}

// warn tells the terminals of sessions that end soon, once for each warning. It
// is saved first: a server that dies in between says nothing rather than
// something twice. The page has a warning of its own.
func (f *Fleet) warn(ctx context.Context) {
	for _, s := range f.all() {
		now := s.Session()
		left := time.Until(now.ExpiresAt)
		due := dueWarning(now, left)
		if !now.Open() || now.ExpiresAt.IsZero() || due == 0 || now.Warned != 0 && now.Warned <= due {
			continue
		}
		unchanged := false
		still := func() bool {
			unchanged = s.Session().ExpiresAt.Equal(now.ExpiresAt)
			return unchanged
		}
		if err := f.changeIf(ctx, s, still, warned(due)); err != nil {
			f.cfg.Log.ErrorContext(ctx, "warn of a session's end", "session", s.id, "error", err)
			continue
		}
		if unchanged {
			s.tell(terminal.Notice{Kind: terminal.Ending, Left: left})
		}
	}
}

// dueWarning is the last warning that is due when so much is left of a session,
// or 0. What is longer than the session is due never.
func dueWarning(s labs.Session, left time.Duration) time.Duration {
	var due time.Duration
	for _, w := range warnings() {
		if left <= w && w < s.ExpiresAt.Sub(s.CreatedAt) {
			due = w
		}
	}
	return due
}

func warned(due time.Duration) edit {
	return func(s labs.Session) labs.Session {
		s.Warned = due
		return s
	}
}

// tell tells everyone who looks at one of the session's terminals.
func (s *Sandbox) tell(n terminal.Notice) {
	for _, t := range s.onNodes().terminals {
		t.Tell(n)
	}
}

// Extend puts a session's end off by Config.Extension, or as far as
// Config.MaxLifetime allows, and is a touch, but resumes nothing. It is
// labs.ErrLongest when nothing more is allowed, labs.ErrEnded when it is over,
// and labs.ErrNotFound. A session that never ends stays as it is.
func (f *Fleet) Extend(ctx context.Context, id string) error {
	s, err := f.find(ctx, id)
	if err != nil {
		return err
	}
	s.touch()
	var refused error
	err = f.change(ctx, s, func(now labs.Session) labs.Session {
		next := f.extended(now)
		if next == now && !now.ExpiresAt.IsZero() {
			refused = labs.ErrLongest
		}
		return next
	})
	return cmp.Or(err, refused)
}

// extended is the edit of an extension. Warnings that are ahead again are given
// again.
func (f *Fleet) extended(s labs.Session) labs.Session {
	last := s.CreatedAt.Add(f.cfg.MaxLifetime)
	if s.ExpiresAt.IsZero() || !s.ExpiresAt.Before(last) {
		return s
	}
	s.ExpiresAt = s.ExpiresAt.Add(f.cfg.Extension)
	if s.ExpiresAt.After(last) {
		s.ExpiresAt = last
	}
	if s.Warned != 0 {
		s.Warned = dueWarning(s, time.Until(s.ExpiresAt))
	}
	return s
}
