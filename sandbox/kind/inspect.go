package kind

import (
	"context"
	"encoding/json"
	"fmt"
	"strings"
	"time"

	"github.com/containerd/errdefs"
	"github.com/greenbox-lab/greenbox/labs"
	"github.com/greenbox-lab/greenbox/sandbox/cluster"
	"github.com/moby/moby/api/types/container"
	"github.com/moby/moby/client"
)

// Nodes are a cluster's nodes, the control plane first; see cluster.Inspector.
func (p *Provider) Nodes(ctx context.Context, name string) ([]cluster.Node, error) {
	found, err := p.nodes(ctx, name)
	if err != nil {
		return nil, err
	}
	var out []cluster.Node
	for i, id := range containers(name) {
		for _, n := range found {
			if len(n.Names) > 0 && strings.TrimPrefix(n.Names[0], "/") == id {
				out = append(out, cluster.Node{Name: labs.Nodes()[i], State: nodeState(n.State), Address: addressIn(n, name)})
			}
		}
	}
	return out, nil
}

func nodeState(s container.ContainerState) cluster.NodeState {
	switch s {
	case container.StateRunning:
		return cluster.NodeRunning
	case container.StatePaused:
		return cluster.NodePaused
	default:
		return cluster.NodeStopped
	}
}

func addressIn(n container.Summary, network string) string {
	if n.NetworkSettings == nil {
		return ""
	}
	at, ok := n.NetworkSettings.Networks[network]
	if !ok || !at.IPAddress.IsValid() {
		return ""
	}
	return at.IPAddress.String()
}

// usageTimeout is how long the engine may take to watch one node.
const usageTimeout = 15 * time.Second

// Usage is what a node takes; see cluster.Inspector.
func (p *Provider) Usage(ctx context.Context, name, node string) (cluster.Usage, error) {
	id, err := containerOf(name, node)
	if err != nil {
		return cluster.Usage{}, err
	}
	ctx, cancel := context.WithTimeout(ctx, usageTimeout)
	defer cancel()
	got, err := p.cfg.Engine.Client().ContainerStats(ctx, id, client.ContainerStatsOptions{IncludePreviousSample: true})
	if errdefs.IsNotFound(err) {
		return cluster.Usage{}, nil
	}
	if err != nil {
		return cluster.Usage{}, fmt.Errorf("usage of %s: %w", id, err)
	}
	defer got.Body.Close()
	var s container.StatsResponse
	if err := json.NewDecoder(got.Body).Decode(&s); err != nil {
		return cluster.Usage{}, fmt.Errorf("usage of %s: %w", id, err)
	}
	return usageOf(s), nil
}

// usageOf reads two samples of control groups, of version 1 or 2. A container that
// stopped meanwhile has none.
func usageOf(s container.StatsResponse) cluster.Usage {
	u := cluster.Usage{Memory: s.MemoryStats.Usage}
	for _, idle := range []string{"total_inactive_file", "inactive_file"} {
		if n, ok := s.MemoryStats.Stats[idle]; ok {
			u.Memory -= min(n, u.Memory)
			break
		}
	}
	took := s.Read.Sub(s.PreRead)
	if before, now := s.PreCPUStats.CPUUsage.TotalUsage, s.CPUStats.CPUUsage.TotalUsage; now > before && !s.PreRead.IsZero() && took > 0 {
		u.CPU = float64(now-before) / float64(took.Nanoseconds())
	}
	return u
}
