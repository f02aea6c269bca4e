package measure

import (
	"context"
	"errors"
	"fmt"
	"time"
)

// runPod makes a Pod and waits until it runs: what a start is for.
const runPod = "kubectl run bench --image=busybox --image-pull-policy=IfNotPresent -- sleep 1d && kubectl wait --for=condition=Ready pod/bench --timeout=120s"

// starts measures starts from the pool, then cold ones in turn with kind's: clusters
// that kind creates for the same server, to the same state. (kind alone has no CNI on
// such nodes, so it never gets there; what the server adds is its routes.)
func starts(ctx context.Context, c Config) ([]Measurement, error) {
	var shells, nodes, cold, kind []float64
	var errs []error
	errs = append(errs, c.repeat(ctx, []string{"--pool", "1"}, func(s *server) error {
		if err := s.spare(ctx); err != nil {
			return err
		}
		shell, node, err := s.fromPool(ctx)
		if err == nil {
			shells, nodes = append(shells, shell), append(nodes, node)
		}
		return err
	}))
	for range c.Runs {
		errs = append(errs,
			c.once(ctx, []string{"--pool", "0"}, func(s *server) error { return s.toPod(ctx, "clone", &cold) }),
			c.once(ctx, []string{"--pool", "0", "--no-clone"}, func(s *server) error { return s.toPod(ctx, "kind", &kind) }))
	}
	rival := of("start.kind.pod", "s", kind...)
	ratios := make([]float64, 0, c.Runs)
	for i := range min(len(cold), len(kind)) {
		ratios = append(ratios, kind[i]/cold[i])
	}
	return []Measurement{
		of("start.cold.times-kind", "times", ratios...).atLeast(4),
		of("start.pool.shell", "s", shells...).atMost(0.5),
		of("start.pool.kubectl", "s", nodes...).atMost(1),
		of("start.cold.pod", "s", cold...).atMost(8).against(rival),
		rival,
	}, errors.Join(errs...)
}

// repeat has one server serve all runs, each for a learner of its own.
func (c Config) repeat(ctx context.Context, flags []string, run func(*server) error) error {
	return c.once(ctx, flags, func(s *server) error {
		var errs []error
		for range c.Runs {
			errs = append(errs, run(s))
		}
		return errors.Join(errs...)
	})
}

// once has a server of its own serve a run.
func (c Config) once(ctx context.Context, flags []string, run func(*server) error) error {
	if ctx.Err() != nil {
		return ctx.Err()
	}
	s, err := serve(ctx, c, flags...)
	if err != nil {
		return err
	}
	return errors.Join(run(s), s.close()) //nolint:contextcheck // also when ctx has ended
}

// fromPool is how long a new learner waits for a shell that echoes, and for kubectl.
func (s *server) fromPool(ctx context.Context) (shellAfter, kubectlAfter float64, err error) {
	l, err := s.learner(ctx, "pool")
	if err != nil {
		return 0, 0, err
	}
	began := time.Now()
	if err := l.start(ctx); err != nil {
		return 0, 0, err
	}
	sh, err := l.attach(ctx)
	if err != nil {
		return 0, 0, err
	}
	defer sh.close()
	if _, err := sh.echo(ctx, "#q"); err != nil {
		return 0, 0, err
	}
	shellAfter = since(began)
	if err := errors.Join(sh.send("\b\b"), sh.run(ctx, "kubectl get nodes", time.Minute)); err != nil {
		return 0, 0, err
	}
	kubectlAfter = since(began)
	s.config.Say("  from the pool: a shell after %.2f s, kubectl get nodes after %.2f s", shellAfter, kubectlAfter)
	return shellAfter, kubectlAfter, l.end(ctx)
}

// toPod adds how long a new learner waits for a Pod that runs.
func (s *server) toPod(ctx context.Context, by string, into *[]float64) error {
	l, err := s.learner(ctx, by)
	if err != nil {
		return err
	}
	began := time.Now()
	if err := l.start(ctx); err != nil {
		return err
	}
	if err := l.ready(ctx, func(session) {}); err != nil {
		return fmt.Errorf("by %s: %w", by, err)
	}
	ready := since(began)
	sh, err := l.attach(ctx)
	if err != nil {
		return err
	}
	defer sh.close()
	if err := sh.run(ctx, runPod, 2*time.Minute); err != nil {
		return err
	}
	*into = append(*into, since(began))
	s.config.Say("  by %s: ready after %.1f s, a Pod runs after %.1f s", by, ready, since(began))
	return nil
}
