package main

import (
	"context"
	"errors"
	"log/slog"
	"strings"
	"testing"
	"time"

	"github.com/greenbox-lab/greenbox/labs"
	"github.com/greenbox-lab/greenbox/sandbox"
	"github.com/greenbox-lab/greenbox/sandbox/cluster"
	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/testutil"
	"github.com/prometheus/common/expfmt"
)

var _ sandbox.Observer = (*meter)(nil)

func TestMeterCountsWhatBecomesOfSessions(t *testing.T) {
	m := newMeter(prometheus.NewPedanticRegistry())
	tell := func(id string, states ...labs.Session) {
		for _, s := range states {
			s.ID = id
			m.tell(labs.SessionChanged{Now: s})
		}
	}
	ready, paused := labs.Session{State: labs.Ready}, labs.Session{State: labs.Paused}
	tell("a", ready, paused, ready, ready, paused, labs.Session{State: labs.Ended})
	tell("b", labs.Session{State: labs.Preparing, Stage: labs.StageJoin}, labs.Session{State: labs.Broken})
	tell("c", ready, labs.Session{State: labs.Broken})
	tell("d", paused) // adopted from the last run: nothing happened to it now
	m.tell(labs.StepAttempted{})
	for name, row := range map[string]struct {
		metric prometheus.Collector
		want   float64
	}{
		"pauses":                     {m.pauses, 2},
		"resumes":                    {m.resumes, 1},
		"a start that failed":        {m.sessions.WithLabelValues("join"), 1},
		"a cluster that was lost":    {m.sessions.WithLabelValues("ready"), 1},
		"no failure of another kind": {m.sessions.WithLabelValues("paused"), 0},
	} {
		if got := testutil.ToFloat64(row.metric); got != row.want {
			t.Errorf("%s: %v, want %v", name, got, row.want)
		}
	}
	if len(m.last) != 1 {
		t.Errorf("sessions kept: %v; want the open one alone", m.last)
	}
}

func TestMeterObservesStarts(t *testing.T) {
	registry := prometheus.NewPedanticRegistry()
	m := newMeter(registry)
	m.Started(sandbox.FromPool, 300*time.Millisecond)
	m.Started(sandbox.Cold, 9*time.Second)
	m.SetUp("life", 2*time.Second)
	m.Failed(sandbox.Cold)
	for name, want := range map[string]int{
		"greenbox_start_duration_seconds": 2, "greenbox_setup_duration_seconds": 1, "greenbox_start_failures_total": 1, "greenbox_pauses_total": 1,
	} {
		if got, err := testutil.GatherAndCount(registry, name); err != nil || got != want {
			t.Errorf("%s: %d, %v; want %d", name, got, err, want)
		}
	}
}

// standingFleet stands as it is told to.
type standingFleet struct {
	*sandbox.Fleet

	standing sandbox.Standing
	warmth   []sandbox.Warmth
}

func (f standingFleet) Standing(context.Context) sandbox.Standing { return f.standing }

func (f standingFleet) Warmth(context.Context) ([]sandbox.Warmth, error) { return f.warmth, nil }

func TestGauges(t *testing.T) {
	full := standingFleet{standing: sandbox.Standing{
		Starting: 1, Until: time.Now(), Room: &cluster.Room{Clusters: 4},
		Waiting: []labs.Session{{Wait: labs.WaitMemory}, {Wait: labs.WaitMemory}},
	}, warmth: []sandbox.Warmth{{Wanted: 2, There: 1}, {LabID: "life", Wanted: 5}}}
	some := func(context.Context) ([]cluster.Cluster, error) {
		return []cluster.Cluster{{State: cluster.Running}, {State: cluster.Paused}, {State: cluster.Paused}}, nil
	}
	for name, row := range map[string]struct {
		gauges *gauges
		metric string
		want   string
	}{
		"clusters":      {&gauges{fleet: full, list: some}, "greenbox_clusters", "{state=\"broken\"} 0\ngreenbox_clusters{state=\"paused\"} 2\ngreenbox_clusters{state=\"running\"} 1"},
		"spares wanted": {&gauges{fleet: full, list: some}, "greenbox_spares_wanted", "{lab=\"\"} 2\ngreenbox_spares_wanted{lab=\"life\"} 5"},
		"spares ready":  {&gauges{fleet: full, list: some}, "greenbox_spares_ready", "{lab=\"\"} 1\ngreenbox_spares_ready{lab=\"life\"} 0"},
		"room":          {&gauges{fleet: full, list: some}, "greenbox_room_clusters", " 4"},
		"the breaker":   {&gauges{fleet: full, list: some}, "greenbox_start_breaker_open", " 1"},
		"an engine that is silent keeps nothing else back": {&gauges{fleet: standingFleet{}, list: func(context.Context) ([]cluster.Cluster, error) {
			return nil, errors.New("silent")
		}}, "greenbox_starts_running", " 0"},
	} {
		t.Run(name, func(t *testing.T) {
			row.gauges.log = slog.New(slog.DiscardHandler)
			got, err := testutil.CollectAndFormat(row.gauges, expfmt.TypeTextPlain, row.metric)
			if err != nil || !strings.Contains(string(got), "\n"+row.metric+row.want+"\n") {
				t.Errorf("%v, %s; want %s%s", err, got, row.metric, row.want)
			}
		})
	}
}
