package measure

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"sync"
	"time"
)

// keys is how many keys of a shell are timed.
const keys = 300

// echoes measures the keys of one learner, alone and while two clusters start.
func echoes(ctx context.Context, c Config) ([]Measurement, error) {
	var alone, loaded []float64
	err := c.repeat(ctx, []string{"--pool", "0"}, func(s *server) error {
		_, sh, err := s.settled(ctx, "echo")
		if err != nil {
			return err
		}
		defer sh.close()
		took, err := sh.keys(ctx, keys)
		if err != nil {
			return err
		}
		alone = append(alone, took...)
		busy := make(chan error, 1)
		go func() { _, err := s.atOnce(ctx, 2); busy <- err }()
		for {
			select {
			case err := <-busy:
				return err
			default:
			}
			took, err := sh.keys(ctx, 20)
			if err != nil {
				return errors.Join(err, <-busy)
			}
			loaded = append(loaded, took...)
		}
	})
	return []Measurement{
		millis("echo.alone.p50", alone, 0.5), millis("echo.alone.p99", alone, 0.99),
		millis("echo.starts.p50", loaded, 0.5), millis("echo.starts.p99", loaded, 0.99),
	}, err
}

// keys types n keys, a line of sixty at a time, and times each.
func (s *shell) keys(ctx context.Context, n int) ([]float64, error) {
	var out []float64
	for i := range n {
		if i%60 == 0 {
			if err := errors.Join(s.send("\x15"), s.forget(ctx)); err != nil { // kill the line
				return out, err
			}
		}
		took, err := s.echo(ctx, string(rune('a'+i%26)))
		if err != nil {
			return out, err
		}
		out = append(out, took)
		if err := pause(ctx, 20*time.Millisecond); err != nil {
			return out, err
		}
	}
	return out, s.send("\x15")
}

// millis is a percentile of seconds, in ms.
func millis(name string, seconds []float64, at float64) Measurement {
	if len(seconds) == 0 {
		return of(name, "ms")
	}
	slices.Sort(seconds)
	m := of(name, "ms", 1000*seconds[int(at*float64(len(seconds)-1))])
	m.Min, m.Max, m.Runs = 1000*seconds[0], 1000*seconds[len(seconds)-1], len(seconds)
	return m
}

// thirty has thirty learners, of whom eight work: they type, and ask kubectl every
// ten seconds, for a minute, while the others have gone away and are paused.
func thirty(ctx context.Context, c Config) ([]Measurement, error) {
	const learners, active = 30, 8
	var typed, asked, left []float64
	err := c.once(ctx, []string{"--pool", "0", "--idle-pause", "1m"}, func(s *server) error {
		var shells []*shell
		for i := range learners {
			_, sh, err := s.settled(ctx, fmt.Sprint("density ", i))
			if err != nil {
				return err
			}
			if i < learners-active {
				sh.close()
				continue
			}
			defer sh.close()
			shells = append(shells, sh)
			c.Say("  learner %d of %d works", i+1, learners)
		}
		if err := pause(ctx, 75*time.Second); err != nil {
			return err
		}
		var working sync.WaitGroup
		var mu sync.Mutex
		var errs []error
		for _, sh := range shells {
			working.Go(func() {
				k, a, err := sh.work(ctx, time.Minute)
				mu.Lock()
				defer mu.Unlock()
				typed, asked, errs = append(typed, k...), append(asked, a...), append(errs, err)
			})
		}
		working.Wait()
		mib, err := available()
		left = append(left, mib/1024)
		return errors.Join(append(errs, err)...)
	})
	return []Measurement{
		millis("density30.echo.p50", typed, 0.5), millis("density30.echo.p99", typed, 0.99),
		of("density30.kubectl", "s", asked...), of("density30.memory-left", "GiB", left...),
	}, err
}

// work types for a time, and asks kubectl every 100 keys.
func (s *shell) work(ctx context.Context, during time.Duration) (typed, asked []float64, err error) {
	if err := s.run(ctx, "true", time.Minute); err != nil { // the cluster may have been paused
		return nil, nil, err
	}
	for began := time.Now(); time.Since(began) < during; {
		took, err := s.keys(ctx, 100)
		if err != nil {
			return typed, asked, err
		}
		typed = append(typed, took...)
		asking := time.Now()
		if err := s.run(ctx, "kubectl get pods", time.Minute); err != nil {
			return typed, asked, err
		}
		asked = append(asked, since(asking))
	}
	return typed, asked, nil
}
