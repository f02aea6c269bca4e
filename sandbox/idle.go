package sandbox

import (
	"context"
	"errors"
	"time"

	"github.com/greenbox-lab/greenbox/labs"
)

// patrol ends the sessions whose time is over, warns of such an end, and pauses
// those whose learners are away, until ctx ends.
func (f *Fleet) patrol(ctx context.Context) {
	every := rounds
	if f.cfg.IdlePause > 0 {
		every = min(every, f.cfg.IdlePause/10)
	}
	select {
	case <-f.loaded:
	case <-ctx.Done():
	}
	for {
		f.expire(ctx)
		f.warn(ctx)
		f.pauseIdle(ctx)
		if !sleep(ctx, every) {
			return
		}
	}
}

// Touch notes that the learner of a session is there, which puts off its pause;
// a paused one is resumed, and Touch blocks until its cluster answers. One that
// waits for its cluster needs no touch. The errors are those of Sandbox.
func (f *Fleet) Touch(ctx context.Context, id string) error {
	_, err := f.Sandbox(ctx, id)
	if errors.Is(err, labs.ErrNotReady) {
		return nil
	}
	return err
}

// Awake is Sandbox for those who only look on: nobody is there because of them,
// and a session that is paused is labs.ErrNotReady.
func (f *Fleet) Awake(ctx context.Context, id string) (*Sandbox, error) {
	s, err := f.find(ctx, id)
	if err != nil {
		return nil, err
	}
	switch now := s.Session(); {
	case now.State == labs.Ready:
		return s, nil
	case now.Open():
		return nil, labs.ErrNotReady
	}
	return nil, labs.ErrEnded
}

// Hold keeps the cluster from being paused until release is called, once.
func (s *Sandbox) Hold() (release func()) {
	s.hold(1)
	return func() { s.hold(-1) }
}

func (s *Sandbox) hold(more int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.holds += more
	s.touched = time.Now()
}

// touch notes that the learner is there, and returns what the session then was.
// A pause looks for a touch again once it has made the session paused, so one of
// the two always sees the other.
func (s *Sandbox) touch() labs.State {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.touched = time.Now()
	return s.now.State
}

// away reports whether the learner has not been there for as long as that.
func (s *Sandbox) away(long time.Duration) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.holds == 0 && time.Since(s.touched) >= long
}

// frozen reports whether the nodes are silent because the session is paused.
func (s *Sandbox) frozen() bool { return s.Session().State == labs.Paused }

// typed notes a key in a terminal. It does not wait for a paused cluster: the
// key does, in the stream to the node.
func (f *Fleet) typed(s *Sandbox) {
	if s.touch() == labs.Paused {
		f.resumeSoon(s, "resume at a key")
	}
}

// pauseIdle begins to pause the sessions whose learners are away.
func (f *Fleet) pauseIdle(ctx context.Context) {
	if f.cfg.IdlePause <= 0 {
		return
	}
	for _, s := range f.all() {
		if s.Session().State != labs.Ready || !s.away(f.cfg.IdlePause) {
			continue
		}
		fl, mine := s.board(pausing)
		if !mine {
			continue
		}
		if err := f.spawn(func(ctx context.Context) { s.land(fl, f.doze(ctx, s)) }); err != nil {
			s.land(fl, err)
			f.cfg.Log.InfoContext(ctx, "pause an idle session", "session", s.id, "error", err)
		}
	}
}

// doze pauses an idle session: first its row, so that nobody looks at a node that
// falls silent, then its cluster. A touch until then leaves it ready; one that
// comes later waits for the flight to land and resumes it. It is finished when
// ctx has ended, too.
func (f *Fleet) doze(ctx context.Context, s *Sandbox) error {
	ctx, nodes, idle := context.WithoutCancel(ctx), s.onNodes(), f.cfg.IdlePause
	open, cancel := s.whileOpen(ctx)
	defer cancel()
	done := false
	still := func() bool {
		done = s.Session().State == labs.Ready && s.away(idle) && s.onNodes() == nodes
		return done
	}
	if err := f.changeIf(ctx, s, still, to(labs.Paused)); err != nil || !done {
		return err
	}
	if !s.away(idle) {
		return f.changeOn(ctx, s, nodes, to(labs.Ready))
	}
	timed, stop := context.WithTimeout(open, pauseTimeout)
	defer stop()
	err := f.cfg.Pauser.Pause(timed, s.cluster())
	if err == nil || open.Err() != nil {
		f.cfg.Log.InfoContext(ctx, "paused: nobody is there", "session", s.id)
		return nil
	}
	f.cfg.Log.ErrorContext(ctx, "pause an idle session", "session", s.id, "error", err)
	return f.wake(ctx, s)
}
