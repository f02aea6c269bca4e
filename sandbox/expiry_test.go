package sandbox_test

import (
	"errors"
	"slices"
	"testing"
	"time"

	"github.com/greenbox-lab/greenbox/labs"
	"github.com/greenbox-lab/greenbox/sandbox"
)

func TestWarningsOfTheEnd(t *testing.T) {
	const m = time.Minute
	for _, c := range []struct {
		name     string
		lifetime time.Duration
		do       func(t *testing.T, w *world, id string) // begins a minute after the start
		want     []time.Duration                         // what was left, within a minute, at each warning
	}{
		{"30, 10 and 2 minutes before it", 4 * time.Hour, nil, []time.Duration{30 * m, 10 * m, 2 * m}},
		{"those that fit into a short session", 20 * m, nil, []time.Duration{10 * m, 2 * m}},
		{"one as long as a warning does not have that one", 10 * m, nil, []time.Duration{2 * m}},
		{"none twice over a restart", time.Hour, func(t *testing.T, w *world, _ string) {
			time.Sleep(30 * m)
			w.kill()
			w.run()
		}, []time.Duration{30 * m, 10 * m, 2 * m}},
		{"the last of those missed while the server was down", time.Hour, func(t *testing.T, w *world, _ string) {
			w.kill()
			time.Sleep(54 * m)
			w.run()
		}, []time.Duration{5 * m, 2 * m}},
		{"again after an extension", 2 * time.Hour, func(t *testing.T, w *world, id string) {
			time.Sleep(110 * m)
			must(t, w.fleet.Extend(t.Context(), id))
		}, []time.Duration{30 * m, 10 * m, 30 * m, 10 * m, 2 * m}},
		{"a reset changes nothing", time.Hour, func(t *testing.T, w *world, id string) {
			time.Sleep(30 * m)
			must(t, w.fleet.Reset(t.Context(), id))
		}, []time.Duration{30 * m, 10 * m, 2 * m}},
	} {
		t.Run(c.name, func(t *testing.T) {
			var got []time.Duration
			adjust := func(cfg *sandbox.Config) {
				cfg.Lifetime, cfg.Extension, cfg.MaxLifetime = c.lifetime, time.Hour, 12*time.Hour
				var last labs.Session
				publish := cfg.Publish
				cfg.Publish = func(e labs.Event) {
					now := e.(labs.SessionChanged).Now
					if now.Warned != last.Warned && now.ExpiresAt.Equal(last.ExpiresAt) {
						got = append(got, time.Until(now.ExpiresAt))
					}
					last = now
					publish(e)
				}
			}
			inWorld(t, adjust, func(t *testing.T, w *world) {
				s := w.ready()
				if c.do != nil {
					c.do(t, w, s.ID)
				}
				time.Sleep(5 * time.Hour)
				w.is(s.ID, labs.Ended)
				same := slices.EqualFunc(got, c.want, func(a, b time.Duration) bool { return a <= b && a > b-m })
				if !same {
					t.Errorf("warned with %v left, want %v", got, c.want)
				}
			})
		})
	}
}

func TestExtend(t *testing.T) {
	for _, c := range []struct {
		name                    string
		lifetime, more, longest time.Duration
		times                   int
		want                    time.Duration // it then lasts
		err                     error         // of the last
		state                   func(t *testing.T, w *world, id string)
	}{
		{name: "adds an hour", lifetime: 4 * time.Hour, more: time.Hour, longest: 12 * time.Hour, times: 1, want: 5 * time.Hour},
		{name: "adds what is still allowed", lifetime: 4 * time.Hour, more: 3 * time.Hour, longest: 5 * time.Hour, times: 1, want: 5 * time.Hour},
		{name: "adds nothing at the limit", lifetime: 4 * time.Hour, more: time.Hour, longest: 5 * time.Hour, times: 2, want: 5 * time.Hour, err: labs.ErrLongest},
		{name: "never shortens a session", lifetime: 4 * time.Hour, more: time.Hour, longest: time.Hour, times: 1, want: 4 * time.Hour, err: labs.ErrLongest},
		{name: "leaves one alone that never ends", more: time.Hour, longest: 12 * time.Hour, times: 1},
		{name: "comes too late for one that has ended", lifetime: 4 * time.Hour, more: time.Hour, longest: 12 * time.Hour, times: 1, want: 4 * time.Hour, err: labs.ErrEnded,
			state: func(t *testing.T, w *world, id string) { must(t, w.fleet.End(t.Context(), id)) }},
	} {
		t.Run(c.name, func(t *testing.T) {
			adjust := func(cfg *sandbox.Config) {
				cfg.Lifetime, cfg.Extension, cfg.MaxLifetime = c.lifetime, c.more, c.longest
			}
			inWorld(t, adjust, func(t *testing.T, w *world) {
				s := w.ready()
				if c.state != nil {
					c.state(t, w, s.ID)
				}
				var err error
				for range c.times {
					err = w.fleet.Extend(t.Context(), s.ID)
				}
				if !errors.Is(err, c.err) {
					t.Errorf("got %v, want %v", err, c.err)
				}
				row, err := w.db.Session(t.Context(), s.ID)
				must(t, err)
				if c.lifetime == 0 && !row.ExpiresAt.IsZero() || c.lifetime > 0 && row.ExpiresAt.Sub(row.CreatedAt) != c.want {
					t.Errorf("created %v, expires %v", row.CreatedAt, row.ExpiresAt)
				}
			})
		})
	}
}

func TestExtendOfAnUnknownSession(t *testing.T) {
	inWorld(t, nil, func(t *testing.T, w *world) {
		if err := w.fleet.Extend(t.Context(), "nobody"); !errors.Is(err, labs.ErrNotFound) {
			t.Errorf("got %v", err)
		}
	})
}
