package main

import (
	"sync"
	"time"

	"github.com/greenbox-lab/greenbox/labs"
	"github.com/prometheus/client_golang/prometheus"
)

// meter counts what the fleet does, for /metrics. It is a sandbox.Observer.
type meter struct {
	started  *prometheus.HistogramVec
	setUp    *prometheus.HistogramVec
	failed   *prometheus.CounterVec
	sessions *prometheus.CounterVec
	pauses   prometheus.Counter
	resumes  prometheus.Counter

	mu   sync.Mutex
	last map[string]labs.Session // open ones, as last told; guarded by mu
}

func newMeter(registry *prometheus.Registry) *meter {
	buckets := []float64{.1, .25, .5, 1, 2.5, 5, 10, 20, 40, 80, 160, 320}
	m := &meter{
		started: prometheus.NewHistogramVec(prometheus.HistogramOpts{
			Name: "greenbox_start_duration_seconds", Buckets: buckets,
			Help: "Starts of sessions' clusters, from when their turn came, by where the cluster came from: pool or cold.",
		}, []string{"from"}),
		setUp: prometheus.NewHistogramVec(prometheus.HistogramOpts{
			Name: "greenbox_setup_duration_seconds", Help: "Setups of labs, on sessions' clusters and on spares, by lab.", Buckets: buckets,
		}, []string{"lab"}),
		failed: prometheus.NewCounterVec(prometheus.CounterOpts{
			Name: "greenbox_start_failures_total", Help: "Starts that failed for good (cold), and spares that could not be made (pool).",
		}, []string{"from"}),
		sessions: prometheus.NewCounterVec(prometheus.CounterOpts{
			Name: "greenbox_session_failures_total", Help: "Sessions that failed, by the stage of the start at which they did, or else by their state.",
		}, []string{"at"}),
		pauses:  prometheus.NewCounter(prometheus.CounterOpts{Name: "greenbox_pauses_total", Help: "Sessions paused."}),
		resumes: prometheus.NewCounter(prometheus.CounterOpts{Name: "greenbox_resumes_total", Help: "Sessions resumed."}),
		last:    map[string]labs.Session{},
	}
	registry.MustRegister(m.started, m.setUp, m.failed, m.sessions, m.pauses, m.resumes)
	return m
}

// Started implements sandbox.Observer.
func (m *meter) Started(from string, took time.Duration) {
	m.started.WithLabelValues(from).Observe(took.Seconds())
}

// SetUp implements sandbox.Observer.
func (m *meter) SetUp(labID string, took time.Duration) {
	m.setUp.WithLabelValues(labID).Observe(took.Seconds())
}

// Failed implements sandbox.Observer.
func (m *meter) Failed(from string) { m.failed.WithLabelValues(from).Inc() }

// tell notes an event; it does not block.
func (m *meter) tell(e labs.Event) {
	change, ok := e.(labs.SessionChanged)
	if !ok {
		return
	}
	now := change.Now
	m.mu.Lock()
	before := m.last[now.ID]
	m.last[now.ID] = now
	if !now.Open() {
		delete(m.last, now.ID)
	}
	m.mu.Unlock()
	switch {
	case now.State == labs.Broken && before.State == labs.Preparing:
		m.sessions.WithLabelValues(string(before.Stage)).Inc()
	case now.State == labs.Broken && before.State != "":
		m.sessions.WithLabelValues(string(before.State)).Inc()
	case now.State == labs.Paused && before.State == labs.Ready:
		m.pauses.Inc()
	case now.State == labs.Ready && before.State == labs.Paused:
		m.resumes.Inc()
	}
}
