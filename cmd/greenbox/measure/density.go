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
	memoryOf, cpuOf := map[string][]float64{}, map[string][]float64{}
	err := c.once(ctx, []string{"--pool", "0", "--idle-pause", "0"}, func(s *server) error {
		for i := range c.Runs {
			got, err := s.oneMore(ctx, fmt.Sprint("density ", i))
			if err != nil {
				return err
			}
			c.Say("  cluster %d at rest: %.0f MiB, %.1f %% of a core", i+1, got.memory, got.cpu)
			memory, cpu, paused = append(memory, got.memory), append(cpu, got.cpu), append(paused, got.paused)
			for name, mib := range got.memoryOf {
				memoryOf[name] = append(memoryOf[name], mib)
			}
			for name, percent := range got.cpuOf {
				cpuOf[name] = append(cpuOf[name], percent)
			}
		}
		return nil
	})
	out := []Measurement{
		of("density.memory", "MiB", memory...).atMost(450),
		of("density.cpu", percent, cpu...).atMost(8),
		of("density.paused.cpu", percent, paused...).atMost(0),
	}
	out = append(out, components("density.memory.", "MiB", memoryOf, 5)...)
	return append(out, components("density.cpu.", percent, cpuOf, 0.1)...), err
}

// percent is the unit of CPU.
const percent = "% of a core"

// components makes a measurement of each component that takes no less than least.
func components(prefix, unit string, figures map[string][]float64, least float64) []Measurement {
	var out []Measurement
	for _, name := range slices.Sorted(maps.Keys(figures)) {
		if m := of(prefix+name, unit, figures[name]...); m.Median >= least {
			out = append(out, m)
		}
	}
	return out
}

// rest is what one cluster takes: MiB and percents of a core.
type rest struct {
	memory, cpu, paused float64
	memoryOf, cpuOf     map[string]float64 // by the program's name
}

// oneMore starts a cluster, lets it come to rest, and measures it.
func (s *server) oneMore(ctx context.Context, name string) (got rest, err error) {
	before, err := available()
	if err != nil {
		return got, err
	}
	known, err := s.nodes(ctx)
	if err != nil {
		return got, err
	}
	_, sh, err := s.settled(ctx, name)
	if err != nil {
		return got, err
	}
	sh.close()
	nodes, err := s.nodes(ctx)
	if err != nil {
		return got, err
	}
	nodes = slices.DeleteFunc(nodes, func(n container.Summary) bool {
		return slices.ContainsFunc(known, func(k container.Summary) bool { return k.ID == n.ID })
	})
	if err := pause(ctx, restBefore); err != nil {
		return got, err
	}
	after, err := available()
	if err != nil {
		return got, err
	}
	got.memory = before - after
	worked, err := s.byProgram(ctx, nodes, processor)
	if err != nil {
		return got, err
	}
	if got.cpu, err = s.cores(ctx, nodes, restFor); err != nil {
		return got, err
	}
	if got.cpuOf, err = s.byProgram(ctx, nodes, processor); err != nil {
		return got, err
	}
	for program := range got.cpuOf {
		got.cpuOf[program] = 100 * (got.cpuOf[program] - worked[program]) / restFor.Seconds()
	}
	if got.memoryOf, err = s.byProgram(ctx, nodes, proportional); err != nil {
		return got, err
	}
	got.paused, err = s.whilePaused(ctx, nodes)
	return got, err
}

// whilePaused is how much CPU the nodes use, in percents of a core, while the engine has them paused.
func (s *server) whilePaused(ctx context.Context, nodes []container.Summary) (used float64, err error) {
	api := s.config.Engine.Client()
	for _, n := range nodes {
		if _, err := api.ContainerPause(ctx, n.ID, client.ContainerPauseOptions{}); err != nil {
			return 0, err
		}
	}
	used, err = s.cores(ctx, nodes, 5*time.Second)
	for _, n := range nodes {
		_, undo := api.ContainerUnpause(context.WithoutCancel(ctx), n.ID, client.ContainerUnpauseOptions{})
		err = errors.Join(err, undo)
	}
	return used, err
}

// cores is how much CPU the nodes use for a time, in percents of a core.
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
	return 100 * (after - before).Seconds() / since(began), err
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

// byProgram adds up a figure of each process on the nodes, by the program's name.
func (s *server) byProgram(ctx context.Context, nodes []container.Summary, figure func(pid string) (float64, error)) (map[string]float64, error) {
	out := map[string]float64{}
	for _, n := range nodes {
		top, err := s.config.Engine.Client().ContainerTop(ctx, n.ID, client.ContainerTopOptions{Arguments: []string{"-eo", "pid,comm"}})
		if err != nil {
			return nil, err
		}
		for _, process := range top.Processes {
			got, err := figure(process[0])
			if err == nil { // else it has ended meanwhile
				out[process[1]] += got
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
