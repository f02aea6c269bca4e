package prove_test

import (
	"bytes"
	"context"
	"encoding/xml"
	"errors"
	"io/fs"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/greenbox-lab/greenbox/labs"
	"github.com/greenbox-lab/greenbox/labs/catalog"
	"github.com/greenbox-lab/greenbox/labs/prove"
	"k8s.io/client-go/rest"
)

// cluster is a fake: a script of it is a line "write WORD", "say WORD" or "exit".
type cluster struct {
	mu       sync.Mutex
	motd     string
	ran      []string
	restored int
	broken   error
}

func (c *cluster) Config(context.Context) (*rest.Config, error) {
	return nil, errors.New("no API server")
}

func (c *cluster) ReadFile(_ context.Context, _, path string) ([]byte, error) {
	if path == "/var/lib/kubelet/config.yaml" {
		return []byte("x"), nil
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.motd == "" {
		return nil, fs.ErrNotExist
	}
	return []byte(c.motd), nil
}

func (c *cluster) Run(_ context.Context, _, script string) (int, string, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.ran = append(c.ran, script)
	verb, word, _ := strings.Cut(script, " ")
	switch verb {
	case "write":
		c.motd = word
	case "say":
		return 0, "thinking\n" + word + "\n\n", nil
	case "exit":
		return 3, "oh no\n", nil
	}
	return 0, "", nil
}

func (c *cluster) Restore(_ context.Context, _ labs.Lab, _ string) error {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.restored++
	c.motd = ""
	return c.broken
}

// lab has a step that is done and one that is answered.
func lab() labs.Lab {
	no := labs.Text{labs.English: "Not so.", labs.TraditionalChinese: "不是。"}
	return labs.Lab{
		ID:    "demo",
		Setup: "true",
		Vary:  []labs.Variable{{Name: "word", Values: []string{"red", "blue"}}},
		Steps: []labs.Step{
			{ID: "do", Checks: []labs.Check{
				{ID: "motd", Points: 1, Failed: no, File: &labs.FileCheck{Node: labs.Worker, Path: "/etc/motd", Expr: "text == '{{word}}'"}},
			}},
			{ID: "ask", Checks: []labs.Check{
				{ID: "word", Points: 1, Failed: no, Answer: &labs.AnswerCheck{Kind: labs.AnswerText, Equals: []labs.Expected{{Value: "{{word}}"}}}},
			}},
		},
	}
}

func task(solutions map[string][]catalog.Solution) prove.Task {
	return prove.Task{
		Lab: lab(), Seed: "s", Alternatives: true,
		Solutions: func(step string) []catalog.Solution { return solutions[step] },
	}
}

func sound() map[string][]catalog.Solution {
	return map[string][]catalog.Solution{
		"do":  {script("alternative-1", "write {{word}}"), script("solution", "write {{word}}"), script("wrong-1", "write green"), script("wrong-2", "true")},
		"ask": {script("solution", "say {{word}}"), script("wrong-1", "say green")},
	}
}

func script(name, script string) catalog.Solution {
	return catalog.Solution{Name: name, Script: script}
}

func prove1(t *testing.T, task prove.Task, on prove.Cluster) map[string]string {
	t.Helper()
	wrong := map[string]string{}
	err := task.Run(t.Context(), on, func(r prove.Result) { wrong[r.Step+"/"+r.Scenario], _, _ = strings.Cut(r.Wrong, "\n") })
	if err != nil {
		t.Fatal(err)
	}
	return wrong
}

func TestASoundLabIsProved(t *testing.T) {
	on := &cluster{}
	got := prove1(t, task(sound()), on)
	want := map[string]string{
		"do/fresh": "", "do/setup-again": "", "do/wrong-1": "", "do/wrong-2": "", "do/solution": "", "do/alternative-1": "",
		"ask/fresh": "", "ask/wrong-1": "", "ask/solution": "",
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("results differ (-want +got):\n%s", diff)
	}
	if want := 7; on.restored != want { // fresh with setup-again, four solutions, two answers
		t.Errorf("restored %d times; want %d", on.restored, want)
	}
}

func TestOnlyWhatIsAskedForIsProved(t *testing.T) {
	asked := task(sound())
	asked.Step, asked.Alternatives = "do", false
	got := prove1(t, asked, &cluster{})
	for name := range got {
		if strings.HasPrefix(name, "ask/") || strings.Contains(name, "alternative") {
			t.Errorf("%s was run", name)
		}
	}
	if len(got) != 5 {
		t.Errorf("got %v; want five scenarios", got)
	}
}

func TestWhatIsWrongWithALabIsFound(t *testing.T) {
	for name, row := range map[string]struct {
		change   func(*prove.Task, *cluster)
		scenario string
		says     string
	}{
		"a wrong solution that passes": {func(p *prove.Task, _ *cluster) {
			p.Solutions = func(string) []catalog.Solution { return []catalog.Solution{script("wrong-1", "write {{word}}")} }
		}, "do/wrong-1", "passes, and must not"},
		"a solution that does not pass": {func(p *prove.Task, _ *cluster) {
			p.Solutions = func(string) []catalog.Solution { return []catalog.Solution{script("solution", "write green")} }
		}, "do/solution", "does not pass:"},
		"a step that passes fresh": {func(p *prove.Task, _ *cluster) {
			p.Lab.Steps[0].Checks[0].File = &labs.FileCheck{Node: labs.Worker, Path: "/etc/motd", Absent: true}
		}, "do/fresh", "passes, and must not"},
		"an answer that is not printed": {func(p *prove.Task, _ *cluster) {
			p.Solutions = func(string) []catalog.Solution { return []catalog.Solution{script("solution", "true")} }
		}, "ask/solution", "solution.sh prints no answer (exit code 0)"},
		"a check that cannot be judged": {func(p *prove.Task, _ *cluster) {
			p.Lab.Steps[0].Checks[0].File.Expr = "text =="
		}, "do/wrong-1", "could not be judged:"},
		"a lab that is lost from the beginning": {func(p *prove.Task, _ *cluster) {
			p.Lab.Irrecoverable = []labs.Irrecoverable{{
				Check: labs.Check{File: &labs.FileCheck{Node: labs.Worker, Path: "/etc/motd", Absent: true}},
				Say:   labs.Text{labs.English: "All is lost.", labs.TraditionalChinese: "全完了。"},
			}}
		}, "do/fresh", "is said to be lost where it begins: All is lost."},
		"a setup that cannot be run again": {func(p *prove.Task, _ *cluster) {
			p.Lab.Setup = "exit 3"
		}, "do/setup-again", "set up a second time: exit code 3"},
		"a starting point that cannot be restored": {func(_ *prove.Task, c *cluster) {
			c.broken = errors.New("node01 is away")
		}, "do/solution", "restore the starting point: node01 is away"},
	} {
		t.Run(name, func(t *testing.T) {
			bad, on := task(sound()), &cluster{}
			row.change(&bad, on)
			if got := prove1(t, bad, on)[row.scenario]; got != row.says {
				t.Errorf("%s: %q; want %q", row.scenario, got, row.says)
			}
		})
	}
}

func TestAClusterGoesFromLabToLabUntilAScenarioFails(t *testing.T) {
	unsound := sound()
	unsound["do"] = []catalog.Solution{script("solution", "write green")}
	for name, row := range map[string]struct {
		solutions map[string][]catalog.Solution // of lab c
		unlucky   string                        // the lab that gets no cluster
		made      int
		failed    string
	}{
		"every lab is sound":          {sound(), "", 2, ""},
		"one lab is not":              {unsound, "", 3, "c/solution"},
		"a cluster could not be made": {sound(), "a", 2, "a/" + prove.ScenarioCluster},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				f := &fleet{unlucky: row.unlucky}
				var tasks []prove.Task
				for _, id := range []string{"a", "b", "c", "d", "e", "f"} {
					p := task(sound())
					if p.Lab.ID = id; id == "c" {
						p = task(row.solutions)
						p.Lab.ID = id
					}
					tasks = append(tasks, p)
				}
				var failed []string
				err := prove.All(t.Context(), tasks, f.open, 2, func(r prove.Result) {
					if r.Wrong != "" {
						failed = append(failed, r.Lab+"/"+r.Scenario)
					}
				})
				if err != nil || f.made != row.made || f.now != 0 || f.most != 2 {
					t.Errorf("%v, %d made, %d left, %d at once; want no error, %d, 0, 2", err, f.made, f.now, f.most, row.made)
				}
				if got := strings.Join(failed, " "); got != row.failed {
					t.Errorf("failed: %s; want %s", got, row.failed)
				}
			})
		})
	}
}

// fleet makes fake clusters; each scenario on them takes a second.
type fleet struct {
	unlucky string

	mu              sync.Mutex
	now, most, made int
}

func (f *fleet) open(ctx context.Context, lab string) (prove.Cluster, func() error, error) {
	time.Sleep(time.Second)
	if lab == f.unlucky {
		return nil, nil, errors.New("the engine's disk is full")
	}
	f.mu.Lock()
	defer f.mu.Unlock()
	f.now, f.made = f.now+1, f.made+1
	f.most = max(f.most, f.now)
	return &slow{}, func() error {
		f.mu.Lock()
		defer f.mu.Unlock()
		f.now--
		return nil
	}, ctx.Err()
}

type slow struct{ cluster }

func (s *slow) Restore(ctx context.Context, lab labs.Lab, step string) error {
	time.Sleep(time.Second)
	return s.cluster.Restore(ctx, lab, step)
}

func TestAnInterruptedRunGivesItsClustersBack(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	var open, removed atomic.Int64
	err := prove.All(ctx, []prove.Task{task(sound()), task(sound())}, func(context.Context, string) (prove.Cluster, func() error, error) {
		open.Add(1)
		return &cluster{}, func() error { removed.Add(1); return nil }, nil
	}, 1, func(r prove.Result) {
		if r.Scenario != prove.ScenarioCluster {
			cancel()
		}
	})
	if !errors.Is(err, context.Canceled) || open.Load() == 0 || open.Load() != removed.Load() {
		t.Errorf("%v, %d made, %d removed", err, open.Load(), removed.Load())
	}
}

func TestJUnitIsWellFormed(t *testing.T) {
	var lines, junit bytes.Buffer
	r := prove.NewReport(&lines)
	r.Add(prove.Result{Lab: "a", Scenario: prove.ScenarioCluster, Took: time.Second})
	r.Add(prove.Result{Lab: "a", Step: "x", Scenario: "wrong-1", Took: 2 * time.Second, Wrong: "passes, & must not\nsay \x1b<b>"})
	r.Add(prove.Result{Lab: "b", Step: "y", Scenario: "solution"})
	if failed := r.Sum(); failed != 1 {
		t.Errorf("%d failed; want 1", failed)
	}
	for _, line := range []string{"FAIL    2.0s  a/x  wrong-1\n     | passes, & must not\n     | say", "labs: 2, scenarios: 3, failed: 1"} {
		if !strings.Contains(lines.String(), line) {
			t.Errorf("the report lacks %q:\n%s", line, lines.String())
		}
	}
	if err := r.JUnit(&junit); err != nil {
		t.Fatal(err)
	}
	var got struct {
		Suites []struct {
			Name     string `xml:"name,attr"`
			Tests    int    `xml:"tests,attr"`
			Failures int    `xml:"failures,attr"`
			Time     string `xml:"time,attr"`
			Cases    []struct {
				Class   string `xml:"classname,attr"`
				Name    string `xml:"name,attr"`
				Failure *struct {
					Message string `xml:"message,attr"`
				} `xml:"failure"`
			} `xml:"testcase"`
		} `xml:"testsuite"`
	}
	if err := xml.Unmarshal(junit.Bytes(), &got); err != nil {
		t.Fatalf("%v\n%s", err, junit.String())
	}
	if len(got.Suites) != 2 || got.Suites[0].Name != "a" || got.Suites[0].Tests != 2 || got.Suites[0].Failures != 1 || got.Suites[0].Time != "3.000" {
		t.Errorf("suites are %+v", got.Suites)
	}
	if c := got.Suites[0].Cases[1]; c.Class != "a/x" || c.Name != "wrong-1" || c.Failure == nil || c.Failure.Message != "passes, & must not" {
		t.Errorf("the failed case is %+v", c)
	}
}
