package engine

import (
	"context"
	"errors"
	"io/fs"
)

// Ensure returns an engine that answers and has run a privileged container just
// now, installing and starting one where there is none. It says what it is about
// to do by report, one line each, and blocks until done: about a second when all
// is there. The error is for the person at the machine and says what to do. It
// may be called again after any failure or interruption. The caller closes the engine.
func Ensure(ctx context.Context, report func(string)) (*Engine, error) {
	return thisHost(report).ensure(ctx)
}

// ensure looks, acts and looks again, until an engine can be used. Two actions
// lead from nothing to an engine (install, start) and a third would repeat one.
func (h *host) ensure(ctx context.Context) (*Engine, error) {
	done := map[action]bool{}
	for {
		e, s, err := h.look(ctx)
		if err != nil {
			return nil, err
		}
		next, err := decide(s)
		if err == nil && next == use {
			h.raise()
			return e, nil
		}
		h.leave(e)
		if err != nil {
			return nil, err
		}
		if done[next] {
			return nil, s.goneWrong()
		}
		done[next] = true
		if err := h.act(ctx, next, s); err != nil {
			return nil, err
		}
	}
}

func (h *host) leave(e *Engine) {
	if e != nil {
		_ = e.Close() // gives up idle connections only
	}
}

// look asks the engine and the machine. The engine is nil when none answers.
func (h *host) look(ctx context.Context) (*Engine, situation, error) {
	s := situation{host: h.address(), named: h.named != "", root: h.uid == 0}
	m, ours, err := h.readMarker()
	if err != nil {
		return nil, s, err
	}
	s.ours, s.unfinished = ours, ours && !m.Complete
	s.installed = h.works(ctx, "dockerd", "--version")
	e, err := h.open(ctx)
	if err := ctx.Err(); err != nil {
		return e, s, err
	}
	s.answers, s.denied = err == nil, errors.Is(err, fs.ErrPermission)
	if s.answers {
		s.refusal = h.probe(ctx, e)
	}
	return e, s, ctx.Err()
}

func (h *host) act(ctx context.Context, a action, s situation) error {
	if a == start {
		h.report("starting the Docker Engine")
		return h.start(ctx)
	}
	if err := h.install(ctx); err != nil {
		return err
	}
	if s.answers {
		return h.restart(ctx)
	}
	return nil
}
