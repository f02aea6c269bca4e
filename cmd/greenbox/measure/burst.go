package measure

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"sync"
	"time"
)

// burst has ten learners start at once where there is no pool; the figure is when
// the last one is ready. Each must have seen a place in line or a stage.
func burst(ctx context.Context, c Config) ([]Measurement, error) {
	var last []float64
	var errs []error
	for range c.Runs {
		errs = append(errs, c.once(ctx, []string{"--pool", "0"}, func(s *server) error {
			took, err := s.atOnce(ctx, 10)
			if err == nil {
				last = append(last, slices.Max(took))
				c.Say("  ten at once: the first after %.1f s, the last after %.1f s", slices.Min(took), slices.Max(took))
			}
			return err
		}))
	}
	return []Measurement{of("burst.last-ready", "s", last...).atMost(90)}, errors.Join(errs...)
}

// atOnce has n learners start and returns how long each waited.
func (s *server) atOnce(ctx context.Context, n int) ([]float64, error) {
	took, errs := make([]float64, n), make([]error, n)
	var all sync.WaitGroup
	for i := range n {
		l, err := s.learner(ctx, fmt.Sprint("burst ", i))
		if err != nil {
			return nil, err
		}
		all.Go(func() {
			began, told := time.Now(), false
			errs[i] = l.start(ctx)
			if errs[i] != nil {
				return
			}
			errs[i] = l.ready(ctx, func(s session) { told = told || s.Place > 0 || s.Stage != "" })
			took[i] = since(began)
			if errs[i] == nil && !told {
				errs[i] = errors.New("a learner saw neither place nor stage")
			}
		})
	}
	all.Wait()
	return took, errors.Join(errs...)
}
