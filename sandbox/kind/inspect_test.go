package kind

import (
	"testing"
	"time"

	"github.com/greenbox-lab/greenbox/sandbox/cluster"
	"github.com/moby/moby/api/types/container"
)

func TestUsageOf(t *testing.T) {
	began := time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)
	sample := func(nanos uint64) container.CPUStats {
		return container.CPUStats{CPUUsage: container.CPUUsage{TotalUsage: nanos}}
	}
	memory := func(idle string) container.MemoryStats {
		return container.MemoryStats{Usage: 600, Stats: map[string]uint64{idle: 100, "cache": 300}}
	}
	for name, row := range map[string]struct {
		stats container.StatsResponse
		want  cluster.Usage
	}{
		"half a core, control groups of version 2": {container.StatsResponse{
			PreRead: began, Read: began.Add(2 * time.Second), PreCPUStats: sample(1e9), CPUStats: sample(2e9), MemoryStats: memory("inactive_file"),
		}, cluster.Usage{Memory: 500, CPU: 0.5}},
		"control groups of version 1": {container.StatsResponse{MemoryStats: memory("total_inactive_file")}, cluster.Usage{Memory: 500}},
		"a paused node computes nothing": {container.StatsResponse{
			PreRead: began, Read: began.Add(time.Second), PreCPUStats: sample(1e9), CPUStats: sample(1e9),
		}, cluster.Usage{}},
		"one that stopped meanwhile": {container.StatsResponse{PreRead: began, PreCPUStats: sample(1e9)}, cluster.Usage{}},
	} {
		t.Run(name, func(t *testing.T) {
			if got := usageOf(row.stats); got != row.want {
				t.Errorf("got %+v, want %+v", got, row.want)
			}
		})
	}
}
