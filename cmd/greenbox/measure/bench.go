// Package measure measures what Greenbox promises, on the machine it runs on: it is
// `greenbox bench`. Each measurement runs servers of its own, as processes of the
// same binary with an empty data folder, and talks to them as learners do: over the
// API, with terminals on websockets. So what is measured is what a learner waits
// for, and nothing has to be opened up for it.
//
// A measurement makes its rival in the same run, in turn with what it is a rival
// of, and has bounded time. When it ends, or ctx does, its server is stopped and
// all that it made is removed by `greenbox down`.
package measure

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/greenbox-lab/greenbox/sandbox/engine"
)

// Config is what a run needs.
type Config struct {
	Program string // path of the greenbox binary
	Engine  *engine.Engine
	Runs    int                              // how often each figure is taken; at least 1
	Say     func(format string, args ...any) // progress, a line each
}

// Measurement is one figure.
type Measurement struct {
	Name    string   `json:"name"`
	Unit    string   `json:"unit"`
	Median  float64  `json:"median"`
	Min     float64  `json:"min"`
	Max     float64  `json:"max"`
	Runs    int      `json:"runs"`
	Rival   string   `json:"rival,omitempty"`  // the name of the measurement it is compared with
	Ratio   *float64 `json:"ratio,omitempty"`  // rival's median by this one's
	Target  *float64 `json:"target,omitempty"` // in Unit: the most, or with AtLeast the least
	AtLeast bool     `json:"at_least,omitempty"`
	Met     *bool    `json:"met,omitempty"`
}

// part is one of the things that can be measured.
type part struct {
	name  string
	about string
	limit time.Duration // for one run of it
	run   func(ctx context.Context, c Config) ([]Measurement, error)
}

var parts = []part{
	{"start", "a click until a shell echoes and kubectl answers, from the pool and cold, with kind as rival", 5 * time.Minute, starts},
	{"burst", "ten learners at once, no pool", 10 * time.Minute, burst},
	{"density", "what an idle cluster takes, by component", 5 * time.Minute, density},
	{"resume", "a paused session until it answers", 3 * time.Minute, resumes},
	{"reset", "a reset until the new cluster answers, from the pool", 4 * time.Minute, resets},
	{"delete", "the end of a session until nothing is left of it", 3 * time.Minute, deletes},
	{"echo", "a key until it is shown, alone and while clusters start", 6 * time.Minute, echoes},
	{"density30", "thirty sessions, eight of them at work", 25 * time.Minute, thirty},
}

// Names lists what can be measured, with what it is.
func Names() (names []string, about map[string]string) {
	about = map[string]string{}
	for _, p := range parts {
		names = append(names, p.name)
		about[p.name] = p.about
	}
	return names, about
}

// Run takes the named measurements, all but density30 when none is named, in the
// order of Names. One that fails does not keep the others from being taken: what
// was measured is returned beside the errors.
func Run(ctx context.Context, c Config, names []string) ([]Measurement, error) {
	for _, name := range names {
		if !slices.ContainsFunc(parts, func(p part) bool { return p.name == name }) {
			all, _ := Names()
			return nil, fmt.Errorf("bench %s: it is one of %v", name, all)
		}
	}
	var out []Measurement
	var errs []error
	for _, p := range parts {
		if ctx.Err() != nil {
			break
		}
		if !slices.Contains(names, p.name) && (len(names) > 0 || p.name == "density30") {
			continue
		}
		c.Say("%s: %s", p.name, p.about)
		limited, cancel := context.WithTimeout(ctx, time.Duration(c.Runs)*p.limit)
		got, err := p.run(limited, c)
		cancel()
		out = append(out, got...)
		if err != nil {
			errs = append(errs, fmt.Errorf("bench %s: %w", p.name, err))
		}
	}
	return out, errors.Join(append(errs, ctx.Err())...)
}

// of makes a measurement of figures.
func of(name, unit string, figures ...float64) Measurement {
	slices.Sort(figures)
	n := len(figures)
	if n == 0 {
		return Measurement{Name: name, Unit: unit}
	}
	median := figures[n/2]
	if n%2 == 0 {
		median = (figures[n/2-1] + figures[n/2]) / 2
	}
	return Measurement{Name: name, Unit: unit, Median: median, Min: figures[0], Max: figures[n-1], Runs: n}
}

// atMost sets the target, in the measurement's unit.
func (m Measurement) atMost(target float64) Measurement {
	met := m.Runs > 0 && m.Median <= target
	m.Target, m.Met = &target, &met
	return m
}

// atLeast sets the target of what is to be large.
func (m Measurement) atLeast(target float64) Measurement {
	met := m.Runs > 0 && m.Median >= target
	m.Target, m.AtLeast, m.Met = &target, true, &met
	return m
}

// against compares it with a rival of the same run.
func (m Measurement) against(rival Measurement) Measurement {
	if m.Median > 0 && rival.Runs > 0 {
		ratio := rival.Median / m.Median
		m.Rival, m.Ratio = rival.Name, &ratio
	}
	return m
}

// since is how long it took, in seconds.
func since(began time.Time) float64 { return time.Since(began).Seconds() }
