package kind

import (
	"math"
	"net/netip"
	"testing"
	"time"

	"github.com/greenbox-lab/greenbox/labs"
	"github.com/greenbox-lab/greenbox/sandbox/cluster"
	"github.com/greenbox-lab/greenbox/sandbox/engine"
	"github.com/moby/moby/api/types/container"
)

func TestRoomIsWhatEndsFirst(t *testing.T) {
	const gib = 1 << 30
	large := engine.Stock{Memory: 1024 * gib, Disk: 1024 * gib, Instances: 1 << 20, Watches: 1 << 20}
	for _, row := range []struct {
		name    string
		change  func(*engine.Stock)
		have    counted
		subnets int
		want    cluster.Room
	}{
		{"a large machine ends with its cores", nil, counted{}, 4096, cluster.Room{Clusters: 16, Short: labs.WaitCPU}},
		{"clusters that run take their share of the cores", nil, counted{all: 20, paused: 5, stopped: 2}, 4096, cluster.Room{Clusters: 3, Short: labs.WaitCPU}},
		{"more clusters that run than there should be leave none", nil, counted{all: 30}, 4096, cluster.Room{Short: labs.WaitCPU}},
		{"memory, of which the machine keeps some", func(s *engine.Stock) { s.Memory = keptMemory + 3*clusterMemory - 1 }, counted{}, 4096,
			cluster.Room{Clusters: 2, Short: labs.WaitMemory}},
		{"paused clusters will take more memory", func(s *engine.Stock) { s.Memory = keptMemory + clusterMemory + 2*workMemory - 1 }, counted{all: 2, paused: 2}, 4096,
			cluster.Room{Short: labs.WaitMemory}},
		{"young clusters have all their memory still to take", func(s *engine.Stock) { s.Memory = keptMemory + 3*clusterMemory }, counted{all: 2, young: 2}, 4096,
			cluster.Room{Clusters: 1, Short: labs.WaitMemory}},
		{"so have those that stopped with the machine", func(s *engine.Stock) { s.Memory = keptMemory + 3*clusterMemory }, counted{all: 2, stopped: 2}, 4096,
			cluster.Room{Clusters: 1, Short: labs.WaitMemory}},
		{"a disk that is nearly full", func(s *engine.Stock) { s.Disk = keptDisk / 2 }, counted{}, 4096, cluster.Room{Short: labs.WaitDisk}},
		{"the kernel's default of inotify instances", func(s *engine.Stock) { s.Instances = 128 }, counted{all: 1}, 4096, cluster.Room{Clusters: 1, Short: labs.WaitInotify}},
		{"few inotify watches", func(s *engine.Stock) { s.Watches = 8192 }, counted{all: 7}, 4096, cluster.Room{Clusters: 1, Short: labs.WaitInotify}},
		{"the last subnet", nil, counted{}, 1, cluster.Room{Clusters: 1, Short: labs.WaitNetworks}},
		{"what cannot be read is plenty", func(s *engine.Stock) {
			*s = engine.Stock{Memory: math.MaxInt64, Disk: math.MaxInt64, Instances: math.MaxInt64, Watches: math.MaxInt64}
		},
			counted{}, 4096, cluster.Room{Clusters: 16, Short: labs.WaitCPU}},
	} {
		t.Run(row.name, func(t *testing.T) {
			stock := large
			if row.change != nil {
				row.change(&stock)
			}
			if got := room(stock, row.have, row.subnets, 2); got != row.want {
				t.Errorf("room for %+v, want %+v", got, row.want)
			}
		})
	}
}

func TestTallyCountsClusters(t *testing.T) {
	now := time.Now()
	node := func(role string, state container.ContainerState, age time.Duration) container.Summary {
		return container.Summary{State: state, Created: now.Add(-age).Unix(), Labels: map[string]string{labelRole: role}}
	}
	got := tally([]container.Summary{
		node("control-plane", container.StateRunning, time.Hour), node("worker", container.StateRunning, time.Hour),
		node("control-plane", container.StateRunning, time.Second), node("control-plane", container.StatePaused, time.Second),
		node("control-plane", container.StateExited, time.Hour), node("control-plane", container.StateCreated, time.Second),
	}, now)
	if want := (counted{all: 5, young: 1, stopped: 2, paused: 1}); got != want {
		t.Errorf("counted %+v, want %+v", got, want)
	}
}

func TestFreeSubnetsAreTheCandidates(t *testing.T) {
	var taken []netip.Prefix
	for _, text := range []string{"172.17.0.0/16", "10.213.0.16/28", "10.213.0.16/28", "10.213.0.18/32", "10.213.1.0/24", "192.168.0.0/24"} {
		taken = append(taken, netip.MustParsePrefix(text))
	}
	for _, row := range []struct {
		within string
		more   []netip.Prefix
		want   int
	}{
		{"10.213.0.0/16", nil, 4096 - 1 - 16},
		{"10.213.0.16/28", nil, 0},
		{"10.213.2.0/24", nil, 16},
		{"10.213.0.0/16", []netip.Prefix{netip.MustParsePrefix("10.0.0.0/8")}, 0},
	} {
		within, all := netip.MustParsePrefix(row.within), append(row.more, taken...)
		if got := freeSubnets(within, all); got != row.want || got != len(candidates(within, all)) {
			t.Errorf("%s has %d free subnets, want %d, candidates %d", row.within, got, row.want, len(candidates(within, all)))
		}
	}
}
