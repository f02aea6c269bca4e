package web

import (
	"context"
	"log/slog"
	"net/http"
	"strconv"
	"time"

	"github.com/greenbox-lab/greenbox/labs"
	"github.com/greenbox-lab/greenbox/labs/progress"
	"github.com/prometheus/client_golang/prometheus"
)

type metrics struct {
	requests  *prometheus.HistogramVec
	attempts  *prometheus.CounterVec
	terminals prometheus.Gauge
}

func newMetrics(registry *prometheus.Registry, db *progress.DB, log *slog.Logger) *metrics {
	m := &metrics{
		requests: prometheus.NewHistogramVec(prometheus.HistogramOpts{
			Name: "greenbox_http_request_duration_seconds", Help: "Requests by method, route and status.",
			Buckets: []float64{.005, .025, .1, .5, 2.5, 10, 60},
		}, []string{"method", "route", "status"}),
		attempts: prometheus.NewCounterVec(prometheus.CounterOpts{
			Name: "greenbox_attempts_total", Help: "Attempts judged by this process, by verdict.",
		}, []string{"verdict"}),
		terminals: prometheus.NewGauge(prometheus.GaugeOpts{
			Name: "greenbox_terminals", Help: "Terminals attached now.",
		}),
	}
	for _, v := range []labs.Verdict{labs.Passed, labs.Failed, labs.Errored} {
		m.attempts.WithLabelValues(string(v))
	}
	registry.MustRegister(m.requests, m.attempts, m.terminals, &sessionCount{db: db, log: log,
		desc: prometheus.NewDesc("greenbox_sessions", "Sessions by state.", []string{"state"}, nil)})
	return m
}

// count counts a request by its route, never by what anyone can make up.
func (m *metrics) count(method, route string, status int, took time.Duration) {
	switch method {
	case http.MethodGet, http.MethodHead, http.MethodPost, http.MethodDelete:
	default:
		method = "other"
	}
	m.requests.WithLabelValues(method, route, strconv.Itoa(status)).Observe(took.Seconds())
}

// sessionCount counts the sessions in the database whenever it is asked.
type sessionCount struct {
	db   *progress.DB
	log  *slog.Logger
	desc *prometheus.Desc
}

// Describe implements prometheus.Collector.
func (s *sessionCount) Describe(to chan<- *prometheus.Desc) { to <- s.desc }

// Collect implements prometheus.Collector.
func (s *sessionCount) Collect(to chan<- prometheus.Metric) {
	ctx, cancel := context.WithTimeout(context.Background(), 5*time.Second)
	defer cancel()
	counts, err := s.db.CountSessions(ctx)
	if err != nil {
		s.log.Error("count sessions for metrics", "error", err)
		to <- prometheus.NewInvalidMetric(s.desc, err)
		return
	}
	for _, state := range []labs.State{labs.Queued, labs.Preparing, labs.Ready, labs.Paused, labs.Ended, labs.Broken} {
		to <- prometheus.MustNewConstMetric(s.desc, prometheus.GaugeValue, float64(counts[state]), string(state))
	}
}
