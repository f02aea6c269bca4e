package main

import (
	"context"
	"log/slog"
	"sync"
	"time"

	"github.com/greenbox-lab/greenbox/labs"
	"github.com/greenbox-lab/greenbox/sandbox/cluster"
	"github.com/greenbox-lab/greenbox/web/control"
	"github.com/prometheus/client_golang/prometheus"
)

// gauges asks how the fleet stands when /metrics is read, once in gaugesAge however
// often that is. What does not answer is left out.
type gauges struct {
	fleet control.Fleet
	list  func(context.Context) ([]cluster.Cluster, error)
	log   *slog.Logger

	mu    sync.Mutex
	asked time.Time           // guarded by mu
	last  []prometheus.Metric // guarded by mu
}

// gaugesAge is how old what /metrics says may be.
const gaugesAge = 5 * time.Second

// gaugesTimeout is how long they may take: Prometheus gives up after ten seconds.
const gaugesTimeout = 5 * time.Second

func gauge(name, help string, labels ...string) *prometheus.Desc {
	return prometheus.NewDesc("greenbox_"+name, help, labels, nil)
}

var (
	descClusters = gauge("clusters", "Clusters on the machine by state, spares included.", "state")
	descWanted   = gauge("spares_wanted", "Spares to be kept, by the lab whose setup is done on them; no lab: for any.", "lab")
	descReady    = gauge("spares_ready", "Spares that can be taken, by lab.", "lab")
	descQueue    = gauge("queue_length", "Sessions that wait for a cluster, by reason.", "reason")
	descRoom     = gauge("room_clusters", "How many more clusters there is room for.")
	descStarting = gauge("starts_running", "Starts under way.")
	descBreaker  = gauge("start_breaker_open", "1 while no start is tried because the last ones failed.")
)

// Describe implements prometheus.Collector.
func (g *gauges) Describe(to chan<- *prometheus.Desc) {
	for _, d := range []*prometheus.Desc{descClusters, descWanted, descReady, descQueue, descRoom, descStarting, descBreaker} {
		to <- d
	}
}

// Collect implements prometheus.Collector.
func (g *gauges) Collect(to chan<- prometheus.Metric) {
	g.mu.Lock()
	defer g.mu.Unlock()
	if time.Since(g.asked) >= gaugesAge {
		g.last = g.ask()
		g.asked = time.Now()
	}
	for _, m := range g.last {
		to <- m
	}
}

func (g *gauges) ask() (out []prometheus.Metric) {
	ctx, cancel := context.WithTimeout(context.Background(), gaugesTimeout)
	defer cancel()
	put := func(d *prometheus.Desc, n int, labels ...string) {
		out = append(out, prometheus.MustNewConstMetric(d, prometheus.GaugeValue, float64(n), labels...))
	}
	if found, err := g.list(ctx); err != nil {
		g.log.Warn("count clusters for metrics", "error", err)
	} else {
		states := map[cluster.State]int{cluster.Running: 0, cluster.Paused: 0, cluster.Broken: 0}
		for _, c := range found {
			states[c.State]++
		}
		for state, n := range states {
			put(descClusters, n, string(state))
		}
	}
	if warmth, err := g.fleet.Warmth(ctx); err != nil {
		g.log.Warn("count spares for metrics", "error", err)
	} else {
		for _, w := range warmth {
			put(descWanted, w.Wanted, w.LabID)
			put(descReady, w.There, w.LabID)
		}
	}
	g.standing(ctx, put)
	return out
}

func (g *gauges) standing(ctx context.Context, put func(d *prometheus.Desc, n int, labels ...string)) {
	now := g.fleet.Standing(ctx)
	reasons := map[labs.Wait]int{}
	for _, w := range []labs.Wait{
		labs.WaitTurn, labs.WaitLimit, labs.WaitMemory, labs.WaitCPU, labs.WaitDisk, labs.WaitNetworks, labs.WaitInotify, labs.WaitBreaker,
	} {
		reasons[w] = 0
	}
	for _, s := range now.Waiting {
		reasons[s.Wait]++
	}
	for reason, n := range reasons {
		put(descQueue, n, string(reason))
	}
	if now.Room != nil {
		put(descRoom, now.Room.Clusters)
	}
	put(descStarting, now.Starting)
	open := 0
	if !now.Until.IsZero() {
		open = 1
	}
	put(descBreaker, open)
}
