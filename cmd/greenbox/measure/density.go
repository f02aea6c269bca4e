package measure

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"slices"
	"time"

	"github.com/moby/moby/api/types/container"
	"github.com/moby/moby/client"
)

const (
	restBefore = 60 * time.Second // for a cluster to come to rest
	restFor    = 60 * time.Second // in which its CPU is counted
)

// density measures what idle clusters take, one more in each run: memory as the
// machine has less of it, CPU as the engine counts it, and both by component.
func density(ctx context.Context, c Config) ([]Measurement, error) {
	var memory, cpu, paused []float64
	byComponent := map[string][]float64{}
	err := c.once(ctx, []string{"--pool", "0", "--idle-pause", "0"}, func(s *server) error {
		for i := range c.Runs {
			before, err := available()
			if err != nil {
				return err
			}
			known, err := s.nodes(ctx)
			if err != nil {
				return err
			}
			_, sh, err := s.settled(ctx, fmt.Sprint("density ", i))
			if err != nil {
				return err
			}
			sh.close()
			nodes, err := s.nodes(ctx)
			if err != nil {
				return err
			}
			nodes = slices.DeleteFunc(nodes, func(n container.Summary) bool {
				return slices.ContainsFunc(known, func(k container.Summary) bool { return k.ID == n.ID })
			})
			if err := pause(ctx, restBefore); err != nil {
				return err
			}
			after, err := available()
			if err != nil {
				return err
			}
			cores, err := s.cores(ctx, nodes, restFor)
			if err != nil {
				return err
			}
			memory, cpu = append(memory, before-after), append(cpu, 100*cores)
			parts, err := s.components(ctx, nodes)
			if err != nil {
				return err
			}
			for name, mib := range parts {
				byComponent[name] = append(byComponent[name], mib)
			}
			c.Say("  cluster %d at rest: %.0f MiB, %.1f %% of a core", i+1, before-after, 100*cores)
			still, err := s.whilePaused(ctx, nodes)
			if err != nil {
				return err
			}
			paused = append(paused, 100*still)
		}
		return nil
	})
	out := []Measurement{
		of("density.memory", "MiB", memory...).atMost(450),
		of("density.cpu", "% of a core", cpu...).atMost(8),
		of("density.paused.cpu", "% of a core", paused...).atMost(0),
	}
	for _, name := range slices.Sorted(maps.Keys(byComponent)) {
		if m := of("density.memory."+name, "MiB", byComponent[name]...); m.Median >= 5 {
			out = append(out, m)
		}
	}
	return out, err
}

// whilePaused is how much of a core the nodes use while the engine has them paused.
func (s *server) whilePaused(ctx context.Context, nodes []container.Summary) (cores float64, err error) {
	api := s.config.Engine.Client()
	for _, n := range nodes {
		if _, err := api.ContainerPause(ctx, n.ID, client.ContainerPauseOptions{}); err != nil {
			return 0, err
		}
	}
	cores, err = s.cores(ctx, nodes, 5*time.Second)
	for _, n := range nodes {
		_, undo := api.ContainerUnpause(context.WithoutCancel(ctx), n.ID, client.ContainerUnpauseOptions{})
		err = errors.Join(err, undo)
	}
	return cores, err
}

// cores is how much CPU the nodes use for a time.
func (s *server) cores(ctx context.Context, nodes []container.Summary, during time.Duration) (float64, error) {
	before, err := s.used(ctx, nodes)
	if err != nil {
		return 0, err
	}
	began := time.Now()
	if err := pause(ctx, during); err != nil {
		return 0, err
	}
	after, err := s.used(ctx, nodes)
	return (after - before).Seconds() / since(began), err
}

func (s *server) used(ctx context.Context, nodes []container.Summary) (total time.Duration, err error) {
	for _, n := range nodes {
		got, err := s.config.Engine.Client().ContainerStats(ctx, n.ID, client.ContainerStatsOptions{})
		if err != nil {
			return 0, err
		}
		var stats container.StatsResponse
		err = json.NewDecoder(got.Body).Decode(&stats)
		if err := errors.Join(err, got.Body.Close()); err != nil {
			return 0, err
		}
		total += time.Duration(stats.CPUStats.CPUUsage.TotalUsage) //nolint:gosec // nanoseconds
	}
	return total, nil
}

// components is how much memory each program on the nodes takes, in MiB: its own
// pages, and its part of those it shares.
func (s *server) components(ctx context.Context, nodes []container.Summary) (map[string]float64, error) {
	out := map[string]float64{}
	for _, n := range nodes {
		top, err := s.config.Engine.Client().ContainerTop(ctx, n.ID, client.ContainerTopOptions{Arguments: []string{"-eo", "pid,comm"}})
		if err != nil {
			return nil, err
		}
		for _, process := range top.Processes {
			mib, err := proportional(process[0])
			if err == nil { // else it has ended meanwhile
				out[process[1]] += mib
			}
		}
	}
	return out, nil
}

func pause(ctx context.Context, d time.Duration) error {
	select {
	case <-time.After(d):
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}
