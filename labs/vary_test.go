package labs_test

import (
	"fmt"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/greenbox-lab/greenbox/labs"
)

var varied = labs.Lab{
	ID:   "demo",
	Text: labs.Text{"en": "Team {{team}}, {{unknown}}."},
	Vary: []labs.Variable{{Name: "team", Values: []string{"red", "blue", "green"}}, {Name: "n", Values: []string{"1", "2", "3", "4"}}},
	Steps: []labs.Step{{
		ID: "one", Start: "make {{team}}", Hints: []labs.Text{{"en": "{{n}}"}}, Solution: "do {{team}}",
		Checks: []labs.Check{
			{ID: "o", Object: &labs.ObjectCheck{Name: "{{team}}", List: "objects.size() == {{n}}"}},
			{ID: "f", File: &labs.FileCheck{Path: "/etc/{{team}}"}},
			{ID: "k", Kubeconfig: &labs.KubeconfigCheck{Expr: "context.namespace == '{{team}}'"}},
			{ID: "a", Answer: &labs.AnswerCheck{Equals: []labs.Expected{{Value: "{{team}}"}, {Script: &labs.ScriptCheck{Script: "echo {{n}}"}}}}},
		},
	}},
}

func TestForFillsEveryPlace(t *testing.T) {
	before := fmt.Sprintf("%+v", varied)
	lab := varied.For("seed")
	v := varied.Values("seed")
	want := []string{
		"Team " + v["team"] + ", {{unknown}}.", "make " + v["team"], v["n"], "do " + v["team"],
		v["team"], "objects.size() == " + v["n"], "/etc/" + v["team"], "context.namespace == '" + v["team"] + "'", v["team"], "echo " + v["n"],
	}
	step := lab.Steps[0]
	got := []string{
		lab.Text["en"], step.Start, step.Hints[0]["en"], step.Solution,
		step.Checks[0].Object.Name, step.Checks[0].Object.List, step.Checks[1].File.Path, step.Checks[2].Kubeconfig.Expr,
		step.Checks[3].Answer.Equals[0].Value, step.Checks[3].Answer.Equals[1].Script.Script,
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("differ (-want +got):\n%s", diff)
	}
	if fmt.Sprintf("%+v", varied) != before || varied.Steps[0].Checks[0].Object.Name != "{{team}}" {
		t.Error("For changed the lab it was called on")
	}
}

func TestValuesDifferFromSeedToSeedOnly(t *testing.T) {
	drawn := map[string]int{}
	for i := range 300 {
		seed := fmt.Sprint("session", i)
		v := varied.Values(seed)
		if diff := cmp.Diff(v, varied.Values(seed)); diff != "" {
			t.Fatalf("seed %s draws differently:\n%s", seed, diff)
		}
		drawn[v["team"]]++
	}
	for _, team := range varied.Vary[0].Values {
		if drawn[team] < 60 {
			t.Errorf("of 300 sessions %d got %s", drawn[team], team)
		}
	}
}

func TestStartOfAStep(t *testing.T) {
	lab := labs.Lab{Setup: "setup", Steps: []labs.Step{{ID: "a"}, {ID: "b", Start: "b"}, {ID: "c", Start: "c"}}}
	for step, want := range map[string][]string{"a": {"setup"}, "b": {"setup", "b"}, "c": {"setup", "b", "c"}} {
		got, err := lab.StartOf(step)
		if diff := cmp.Diff(want, got); diff != "" || err != nil {
			t.Errorf("step %s: %v (-want +got):\n%s", step, err, diff)
		}
	}
}
