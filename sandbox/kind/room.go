package kind

import (
	"context"
	"fmt"
	"net/netip"
	"runtime"
	"time"

	"github.com/greenbox-lab/greenbox/labs"
	"github.com/greenbox-lab/greenbox/sandbox/cluster"
	"github.com/greenbox-lab/greenbox/sandbox/engine"
	"github.com/moby/moby/api/types/container"
	"github.com/moby/moby/client"
)

// What the machine keeps for itself, and what one cluster of two nodes is counted
// at once a learner works on it.
const (
	keptMemory    = 1 << 30
	keptDisk      = 1 << 30
	keptInstances = 32
	keptWatches   = 4096

	clusterMemory    = 650 << 20
	workMemory       = 150 << 20 // of it what a learner adds to a cluster at rest
	clusterDisk      = 512 << 20
	clusterInstances = 45
	clusterWatches   = 500
	clustersPerCore  = 8 // that run: at rest one uses about a tenth of a core
)

// settling is how long a new node is not believed to have taken all it will.
const settling = 30 * time.Second

// Room counts what the machine has left for clusters; see cluster.Surveyor. The
// clusters of all instances on this engine count, whoever made them.
func (p *Provider) Room(ctx context.Context) (cluster.Room, error) {
	nodes, err := p.cfg.Engine.Client().ContainerList(ctx, client.ContainerListOptions{
		All: true, Filters: make(client.Filters).Add("label", labelKind),
	})
	if err != nil {
		return cluster.Room{}, fmt.Errorf("count the clusters on this machine: %w", err)
	}
	taken, err := hostNetworks()
	if err != nil {
		return cluster.Room{}, err
	}
	return room(engine.TakeStock(p.host.dataRoot), tally(nodes.Items, time.Now()), freeSubnets(p.cfg.Range, taken), runtime.NumCPU()), nil
}

// counted is how many clusters there are, in all and in some conditions.
type counted struct {
	all     int
	young   int // that may still take all they need
	stopped int // that take no memory, until they are started again
	paused  int // that are as they were at rest
}

// tally counts the clusters that nodes belong to by their control planes.
func tally(nodes []container.Summary, now time.Time) counted {
	var c counted
	for _, n := range nodes {
		if n.Labels[labelRole] != "control-plane" {
			continue
		}
		c.all++
		switch {
		case n.State == container.StatePaused:
			c.paused++
		case n.State != container.StateRunning:
			c.stopped++
		case now.Sub(time.Unix(n.Created, 0)) < settling:
			c.young++
		}
	}
	return c
}

// room is how many clusters more fit into what there is, and what ends first.
func room(s engine.Stock, c counted, subnets, cores int) cluster.Room {
	absent := c.young + c.stopped
	least := cluster.Room{Clusters: subnets, Short: labs.WaitNetworks}
	for _, has := range []cluster.Room{
		{Clusters: fit(s.Memory, keptMemory+absent*clusterMemory+c.paused*workMemory, clusterMemory), Short: labs.WaitMemory},
		{Clusters: max(0, cores*clustersPerCore-(c.all-c.paused-c.stopped)), Short: labs.WaitCPU},
		{Clusters: fit(s.Disk, keptDisk+c.young*clusterDisk, clusterDisk), Short: labs.WaitDisk},
		{Clusters: fit(s.Instances, keptInstances+c.all*clusterInstances, clusterInstances), Short: labs.WaitInotify},
		{Clusters: fit(s.Watches, keptWatches+c.all*clusterWatches, clusterWatches), Short: labs.WaitInotify},
	} {
		if has.Clusters < least.Clusters {
			least = has
		}
	}
	return least
}

// fit is how often each goes into what is left of have after spoken.
func fit(have uint64, spoken, each int) int {
	return max(0, int(min(have, 1<<62))-spoken) / each
}

// freeSubnets is how many candidates there are, without looking at each.
func freeSubnets(within netip.Prefix, taken []netip.Prefix) int {
	gone := map[netip.Prefix]bool{}
	free := 1 << (subnetBits - within.Bits())
	for _, t := range taken {
		t = netip.PrefixFrom(t.Addr(), min(t.Bits(), subnetBits)).Masked()
		if !t.Overlaps(within) || gone[t] {
			continue
		}
		gone[t] = true
		free -= 1 << (subnetBits - max(t.Bits(), within.Bits()))
	}
	return max(0, free)
}
