package sandbox_test

import (
	"errors"
	"maps"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/greenbox-lab/greenbox/labs"
	"github.com/greenbox-lab/greenbox/sandbox"
	"github.com/greenbox-lab/greenbox/sandbox/cluster"
	"github.com/greenbox-lab/greenbox/sandbox/cluster/clustertest"
)

var varied = labs.Lab{ID: "varied", Setup: "set up {{colour}}", Steps: []labs.Step{{ID: "only"}},
	Vary: []labs.Variable{{Name: "colour", Values: []string{"red", "green", "blue", "grey", "pink"}}}}

// shelved is a lab that its author may change meanwhile.
type shelved struct{ atomic.Pointer[labs.Lab] }

func shelve(l labs.Lab) *shelved {
	var s shelved
	s.Store(&l)
	return &s
}

// offering has the fleet know the lab varied, as it is when it is asked for.
func offering(now *shelved) func(*sandbox.Config) {
	return func(cfg *sandbox.Config) {
		others := cfg.Labs
		cfg.Labs = func(id string) (labs.Lab, error) {
			if l := *now.Load(); id == l.ID {
				return l, nil
			}
			return others(id)
		}
	}
}

// setups records the lab's setups, and on which cluster each ran.
func (w *world) setups() func() map[string]string {
	var mu sync.Mutex
	ran := map[string]string{}
	w.machine.OnRun(func(c clustertest.Call) cluster.Result {
		mu.Lock()
		defer mu.Unlock()
		if strings.HasPrefix(c.Stdin, "set up") {
			ran[c.Cluster] += c.Stdin + ";"
		}
		return cluster.Result{}
	})
	return func() map[string]string {
		mu.Lock()
		defer mu.Unlock()
		return ran
	}
}

func TestWarmLabIsReadyAtOnce(t *testing.T) {
	inWorld(t, offering(shelve(varied)), func(t *testing.T, w *world) {
		ran := w.setups()
		must(t, w.fleet.Warm(t.Context(), varied.ID, 2))
		if got := w.warmth()[1]; got.Wanted != 2 || got.There != 0 || !got.Fits {
			t.Errorf("at first: %+v", got)
		}
		time.Sleep(2 * filled)
		w.spares(2)
		if got := w.warmth()[1]; got.There != 2 || !got.Ready.IsZero() {
			t.Errorf("in the end: %+v", got)
		}
		begun := time.Now()
		s := w.is(w.start(ann, varied).ID, labs.Ready)
		if took := time.Since(begun); took > 0 {
			t.Errorf("took %v", took)
		}
		if want := varied.For(s.ID).Setup + ";"; ran()[s.Cluster] != want {
			t.Errorf("ran %q, want %q", ran()[s.Cluster], want)
		}
		other := w.start(w.learner("ben"), lab) // has none of them
		time.Sleep(time.Minute)
		w.is(other.ID, labs.Ready)
		w.spares(2)
		must(t, w.fleet.Warm(t.Context(), varied.ID, 1))
		time.Sleep(time.Minute)
		w.spares(1)
		must(t, w.fleet.Warm(t.Context(), varied.ID, 0))
		time.Sleep(time.Minute)
		w.spares(0)
		w.machineHas(cluster.Running, cluster.Running)
	})
}

func TestResetPrefersAWarmSpare(t *testing.T) {
	plain, alike := varied, varied
	plain.Vary = nil
	alike.Vary = []labs.Variable{{Name: "colour", Values: []string{"red", "red"}}}
	shades := make([]string, 100_000) // too many to be drawn twice
	for i := range shades {
		shades[i] = strconv.Itoa(i)
	}
	other := varied
	other.Vary = []labs.Variable{{Name: "colour", Values: shades}}
	for _, c := range []struct {
		name string
		lab  labs.Lab
		warm bool
	}{
		{"of a lab that draws nothing", plain, true},
		{"of one that drew the same for both", alike, true},
		{"but not where it drew something else", other, false},
	} {
		t.Run(c.name, func(t *testing.T) {
			adjust := func(cfg *sandbox.Config) {
				offering(shelve(c.lab))(cfg)
				cfg.Pool = 1
			}
			inWorld(t, adjust, func(t *testing.T, w *world) {
				ran := w.setups()
				s := w.start(ann, c.lab)
				time.Sleep(filled)
				must(t, w.fleet.Warm(t.Context(), c.lab.ID, 1))
				time.Sleep(2 * filled)
				before := maps.Clone(ran())
				w.spares(2)
				must(t, w.fleet.Reset(t.Context(), s.ID))
				now := w.is(s.ID, labs.Ready)
				if _, warm := before[now.Cluster]; warm != c.warm {
					t.Errorf("the new cluster was warm: %t", warm)
				}
				if want := c.lab.For(s.ID).Setup + ";"; ran()[now.Cluster] != want {
					t.Errorf("ran %q, want %q", ran()[now.Cluster], want)
				}
			})
		})
	}
}

func TestWarmSurvivesARestart(t *testing.T) {
	inWorld(t, offering(shelve(varied)), func(t *testing.T, w *world) {
		ran := w.setups()
		must(t, w.fleet.Warm(t.Context(), varied.ID, 2))
		time.Sleep(filled) // one is there, one half made
		w.kill()
		w.run()
		time.Sleep(time.Minute)
		w.spares(2)
		s := w.is(w.start(ann, varied).ID, labs.Ready)
		if want := varied.For(s.ID).Setup + ";"; ran()[s.Cluster] != want {
			t.Errorf("ran %q, want %q", ran()[s.Cluster], want)
		}
	})
}

func TestWarmLabThatChanges(t *testing.T) {
	for _, c := range []struct {
		name   string
		change func(*labs.Lab)
		kept   bool
	}{
		{"its setup", func(l *labs.Lab) { l.Setup += " well" }, false},
		{"the start of its first step", func(l *labs.Lab) { l.Steps = []labs.Step{{ID: "only", Start: "more"}} }, false},
		{"what it draws", func(l *labs.Lab) { l.Vary[0].Values = []string{"cyan", "teal"} }, false},
		{"its title", func(l *labs.Lab) { l.Title = labs.Text{labs.English: "Varied"} }, true},
		{"it is withdrawn", func(l *labs.Lab) { l.ID = "gone" }, false},
	} {
		t.Run(c.name, func(t *testing.T) {
			now := shelve(varied)
			inWorld(t, offering(now), func(t *testing.T, w *world) {
				must(t, w.fleet.Warm(t.Context(), varied.ID, 1))
				time.Sleep(filled)
				before := w.spares(1)[0].Name
				next := varied
				next.Vary = []labs.Variable{varied.Vary[0]}
				c.change(&next)
				now.Store(&next)
				time.Sleep(time.Minute)
				if next.ID != varied.ID {
					w.spares(0)
					return
				}
				if after := w.spares(1)[0].Name; (after == before) != c.kept {
					t.Errorf("the spare was %s, is %s", before, after)
				}
			})
		})
	}
}

func TestWarmThatIsRefused(t *testing.T) {
	inWorld(t, nil, func(t *testing.T, w *world) {
		if err := w.fleet.Warm(t.Context(), "nobody's", 1); !errors.Is(err, labs.ErrNotFound) {
			t.Errorf("an unknown lab: %v", err)
		}
		if err := w.fleet.Warm(t.Context(), lab.ID, -1); err == nil {
			t.Error("-1 was taken")
		}
		must(t, w.fleet.Warm(t.Context(), "nobody's", 0))
	})
}

func TestForecast(t *testing.T) {
	var left atomic.Int64
	left.Store(3)
	adjust := func(cfg *sandbox.Config) {
		cfg.Pool, cfg.Surveyor = 1, rooms{func() int { return int(left.Load()) }}
	}
	inWorld(t, adjust, func(t *testing.T, w *world) {
		time.Sleep(filled)
		w.spares(1)
		left.Store(2)
		w.hang(clustertest.Create) // none is made meanwhile
		must(t, w.fleet.Warm(t.Context(), lab.ID, 2))
		got := w.warmth()[1]
		if wait := time.Until(got.Ready); !got.Fits || wait < 2*5*step || wait > 4*5*step {
			t.Errorf("two of two: %+v, in %s", got, wait)
		}
		must(t, w.fleet.Warm(t.Context(), lab.ID, 3))
		if got := w.warmth()[1]; got.Fits || got.Short != labs.WaitMemory || !got.Ready.IsZero() {
			t.Errorf("three of two: %+v", got)
		}
	})
}
