package catalog_test

import (
	"errors"
	"maps"
	"os/exec"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/greenbox-lab/greenbox/labs"
	"github.com/greenbox-lab/greenbox/labs/catalog"
)

const valid = `id: demo
title: {en: Demo, zh-TW: 示範}
summary: {en: A demo., zh-TW: 一個示範。}
minutes: 5
setup: setup.sh
steps:
- id: look
  title: {en: Look, zh-TW: 看}
  checks:
  - {id: choice, answer: {kind: choice, choices: [{id: a, text: {en: A, zh-TW: 甲}}, {id: b, text: {en: B, zh-TW: 乙}}], equals: a}, failed: {en: No., zh-TW: 不對。}}
- id: do
  title: {en: Do, zh-TW: 做}
  checks:
  - {id: away, points: 2, object: {kind: Pod, namespace: default, name: web, absent: true, for: 10s}, failed: {en: No., zh-TW: 不對。}}
  - {id: scaled, object: {kind: Deployment.apps, selector: app=web, expr: object.spec.replicas > 1}, failed: {en: No., zh-TW: 不對。}}
  - {id: motd, file: {node: node01, path: /etc/motd, expr: text == 'hi'}, failed: {en: No., zh-TW: 不對。}}
  - {id: there, kubeconfig: {expr: context.namespace == 'dev'}, failed: {en: No., zh-TW: 不對。}}
  - {id: script, script: {node: node01, run: check.sh}, failed: {en: No., zh-TW: 不對。}}
`

func demo() map[string]string {
	files := map[string]string{"lab.yaml": valid, "setup.sh": "true\n", "check.sh": "exit 0\n"}
	for _, step := range []string{"look", "do"} {
		for _, name := range []string{"solution.sh", "wrong-1.sh"} {
			files["solutions/"+step+"/"+name] = "echo " + name + "\n"
		}
		for _, lang := range labs.Langs() {
			files[step+"."+string(lang)+".md"] = "Do it.\n"
		}
	}
	return files
}

func load(files map[string]string) (*catalog.Catalog, error) {
	fsys := fstest.MapFS{}
	for name, content := range files {
		fsys["demo/"+name] = &fstest.MapFile{Data: []byte(content)}
	}
	return catalog.Load(fsys)
}

func TestLoadReadsEveryKindOfCheck(t *testing.T) {
	c, err := load(demo())
	if err != nil {
		t.Fatal(err)
	}
	lab, err := c.Lab("demo")
	if err != nil {
		t.Fatal(err)
	}
	failed := labs.Text{"en": "No.", "zh-TW": "不對。"}
	want := []labs.Check{
		{ID: "away", Points: 2, Failed: failed, Object: &labs.ObjectCheck{Kind: "Pod", Namespace: "default", Name: "web", Absent: true, For: 10 * time.Second}},
		{ID: "scaled", Points: 1, Failed: failed, Object: &labs.ObjectCheck{Kind: "Deployment.apps", Selector: "app=web", Expr: "object.spec.replicas > 1"}},
		{ID: "motd", Points: 1, Failed: failed, File: &labs.FileCheck{Node: "node01", Path: "/etc/motd", Expr: "text == 'hi'"}},
		{ID: "there", Points: 1, Failed: failed, Kubeconfig: &labs.KubeconfigCheck{Expr: "context.namespace == 'dev'"}},
		{ID: "script", Points: 1, Failed: failed, Script: &labs.ScriptCheck{Node: "node01", Script: "exit 0\n"}},
	}
	if diff := cmp.Diff(want, lab.Steps[1].Checks); diff != "" {
		t.Errorf("checks differ (-want +got):\n%s", diff)
	}
	if q := lab.Steps[0].Question(); q == nil || q.Kind != labs.AnswerChoice || len(q.Choices) != 2 || q.Equals[0].Value != "a" {
		t.Errorf("question is %+v", q)
	}
	solutions := c.Solutions("demo", "do")
	if len(solutions) != 2 || !solutions[0].Passes() || solutions[1].Passes() {
		t.Errorf("solutions are %+v; want one right, then one wrong", solutions)
	}
	if _, err := c.Lab("other"); !errors.Is(err, labs.ErrNotFound) {
		t.Errorf("Lab of an unknown id: %v; want ErrNotFound", err)
	}
}

func TestSolutionAnswerIsTheLastLinePrinted(t *testing.T) {
	for output, want := range map[string]string{"": "", "a": "a", "Warning: x\n /etc/y \n\n": "/etc/y"} {
		if got := (catalog.Solution{}).Answer(output); got != want {
			t.Errorf("Answer(%q) = %q; want %q", output, got, want)
		}
	}
}

func TestLoadRefuses(t *testing.T) {
	replace := func(old, with string) func(map[string]string) {
		return func(f map[string]string) { f["lab.yaml"] = strings.Replace(f["lab.yaml"], old, with, 1) }
	}
	remove := func(name string) func(map[string]string) { return func(f map[string]string) { delete(f, name) } }
	write := func(name, content string) func(map[string]string) {
		return func(f map[string]string) { f[name] = content }
	}
	const second = "\n  - {id: more, answer: {kind: number, equals: 3}, failed: {en: No., zh-TW: 不對。}}\n- id: do"
	tests := map[string]struct {
		change func(map[string]string)
		at     string
		says   string
	}{
		"an unknown field":                       {replace("minutes: 5", "minutes: 5\nminuets: 6"), "demo/lab.yaml:5", `unknown field "minuets"; known here: id, irrecoverable, minutes`},
		"an unknown field of a check":            {replace("absent: true, for", "absnt: true, for"), "demo/lab.yaml:14", `unknown field "absnt"`},
		"a field given twice":                    {replace("minutes: 5", "minutes: 5\nminutes: 6"), "demo/lab.yaml:5", `field "minutes" is there twice`},
		"a missing field":                        {replace("minutes: 5\n", ""), "demo/lab.yaml:1", `field "minutes" is missing`},
		"minutes that are none":                  {replace("minutes: 5", "minutes: soon"), "demo/lab.yaml:4", `"soon" is not a number from 1`},
		"broken YAML":                            {replace("minutes: 5", "minutes: [5"), "demo/lab.yaml:", "write valid YAML"},
		"no lab.yaml":                            {remove("lab.yaml"), "demo/lab.yaml:1", "lab.yaml is missing"},
		"an id that is not the folder":           {replace("id: demo", "id: other"), "demo/lab.yaml:1", `not the folder's name "demo"`},
		"a title in one language":                {replace("title: {en: Demo, zh-TW: 示範}", "title: {en: Demo}"), "demo/lab.yaml:2", `field "zh-TW" is missing`},
		"a title that is empty":                  {replace("zh-TW: 示範", `zh-TW: ""`), "demo/lab.yaml:2", "expected text"},
		"a failed message in one language":       {replace("failed: {en: No., zh-TW: 不對。}", "failed: {zh-TW: 不對。}"), "demo/lab.yaml:10", `field "en" is missing`},
		"a language nobody speaks":               {replace("title: {en: Demo", "title: {fr: Demo, en: Demo"), "demo/lab.yaml:2", `unknown field "fr"`},
		"a missing setup":                        {remove("setup.sh"), "demo/lab.yaml:5", "setup.sh is missing"},
		"a missing check script":                 {remove("check.sh"), "demo/lab.yaml:18", "check.sh is missing"},
		"a script outside the folder":            {replace("run: check.sh", "run: ../check.sh"), "demo/lab.yaml:18", "is no file of this folder"},
		"a missing translation of a step":        {remove("do.zh-TW.md"), "demo/lab.yaml:11", "do.zh-TW.md is missing"},
		"an empty text":                          {write("do.en.md", " \n"), "demo/do.en.md:1", "the file is empty"},
		"an introduction in one language":        {write("intro.en.md", "Hello."), "demo/lab.yaml:1", "intro.zh-TW.md is missing"},
		"a lab.yaml with nothing in it":          {write("lab.yaml", "# To do."), "demo/lab.yaml:1", "there is nothing in it"},
		"a file that nothing refers to":          {write("du.en.md", "Typo."), "demo/du.en.md:1", "nothing refers to this file"},
		"a solution of no step":                  {write("solutions/no/solution.sh", "true"), "demo/solutions/no/solution.sh:1", "nothing refers to this file"},
		"a solution with another name":           {write("solutions/do/good.sh", "true"), "demo/solutions/do/good.sh:1", "is not a name of a solution"},
		"a step without solution":                {remove("solutions/do/solution.sh"), "demo/lab.yaml:11", `step "do" has no solutions/do/solution.sh`},
		"a step without wrong solution":          {remove("solutions/do/wrong-1.sh"), "demo/lab.yaml:11", `step "do" has no solutions/do/wrong-1.sh`},
		"two steps with one id":                  {replace("- id: do", "- id: look"), "demo/lab.yaml:11", `id "look" is there twice`},
		"two checks with one id":                 {replace("id: scaled", "id: away"), "demo/lab.yaml:15", `id "away" is there twice`},
		"an id with a space":                     {replace("id: scaled", "id: is scaled"), "demo/lab.yaml:15", `"is scaled" is no id`},
		"for over 15 s":                          {replace("for: 10s", "for: 20s"), "demo/lab.yaml:14", `"20s" is not a time of at most 15s`},
		"for without a unit":                     {replace("for: 10s", "for: 10"), "demo/lab.yaml:14", `"10" is not a time`},
		"an expression that does not compile":    {replace("object.spec.replicas > 1", "obj.spec.replicas > 1"), "demo/lab.yaml:15", "line 1, column 1: undeclared reference to 'obj'"},
		"an expression of the wrong type":        {replace("text == 'hi'", "text == 1"), "demo/lab.yaml:16", "no matching overload"},
		"an expression over what is absent":      {replace("absent: true, for: 10s", "absent: true, expr: 'true'"), "demo/lab.yaml:14", "nothing that is absent"},
		"two answers in a step":                  {replace("\n- id: do", second), "demo/lab.yaml:11", "the step asks two questions"},
		"a choice that is none":                  {replace("equals: a", "equals: c"), "demo/lab.yaml:10", "equals is none of the choices"},
		"a text with choices":                    {replace("kind: choice", "kind: text"), "demo/lab.yaml:10", "kind text with 2 choices"},
		"a number that is none":                  {replace("\n- id: do", strings.Replace(second, "3", "three", 1)), "demo/lab.yaml:11", "equals is no number"},
		"a computed answer that does not fit":    {replace("equals: a", "equals: {node: node01, expr: object.x}"), "demo/lab.yaml:10", "undeclared reference to 'object'"},
		"a check of two kinds":                   {replace("kubeconfig: {", "script: {node: node01, run: check.sh}, kubeconfig: {"), "demo/lab.yaml:17", "the check has 2 kinds"},
		"a check of no kind":                     {replace("kubeconfig: {expr: context.namespace == 'dev'}, ", ""), "demo/lab.yaml:17", "the check has 0 kinds"},
		"a node that is none":                    {replace("node: node01", "node: node02"), "demo/lab.yaml:16", `"node02" is not known here; write one of: controlplane, node01`},
		"a path that is relative":                {replace("path: /etc/motd", "path: etc/motd"), "demo/lab.yaml:16", "is no absolute path"},
		"an object with a name and a selector":   {replace("selector: app=web", "selector: app=web, name: web"), "demo/lab.yaml:15", "says twice which objects"},
		"an object with two conditions":          {replace("selector: app=web", "selector: app=web, list: 'true'"), "demo/lab.yaml:15", "has two conditions"},
		"a condition over objects without any":   {replace("selector: app=web, expr: object.spec.replicas > 1", "list: object.size() > 1"), "demo/lab.yaml:15", "undeclared reference to 'object'"},
		"an answer computed in two ways":         {replace("equals: a", "equals: {node: node01, object: {kind: Pod}, expr: object.x}"), "demo/lab.yaml:10", "the check has 2 kinds"},
		"an answer with a conditional object":    {replace("equals: a", "equals: {object: {kind: Pod, absent: true}, expr: object.x}"), "demo/lab.yaml:10", "has a condition"},
		"a computed answer without expression":   {replace("equals: a", "equals: {node: node01}"), "demo/lab.yaml:10", `field "expr" is missing`},
		"an expression beside a script":          {replace("equals: a", "equals: {script: {node: node01, run: check.sh}, expr: a}"), "demo/lab.yaml:10", "a script has no expression"},
		"a hint in one language":                 {replace("- id: do", "- id: do\n  hints: [{en: Look.}]"), "demo/lab.yaml:12", `field "zh-TW" is missing`},
		"a missing start script":                 {replace("- id: do", "- id: do\n  start: gone.sh"), "demo/lab.yaml:12", "gone.sh is missing"},
		"an unknown variable in lab.yaml":        {replace("en: Demo", "en: 'Demo {{team}}'"), "demo/lab.yaml:2", "unknown variable {{team}}"},
		"an unknown variable in a file":          {write("do.en.md", "Do\n{{team}}."), "demo/do.en.md:2", "unknown variable {{team}}"},
		"a variable with one value":              {replace("minutes: 5", "minutes: 5\nvary: {team: [red]}"), "demo/lab.yaml:5", "one value does not vary"},
		"a variable with an upper-case value":    {replace("minutes: 5", "minutes: 5\nvary: {team: [red, Blue]}"), "demo/lab.yaml:5", `"Blue" cannot be drawn`},
		"a range that ends before it begins":     {replace("minutes: 5", "minutes: 5\nvary: {n: {from: 9, to: 3}}"), "demo/lab.yaml:5", "9 to 3 is no range"},
		"an irrecoverable state without a text":  {replace("minutes: 5", "minutes: 5\nirrecoverable: [{file: {node: node01, path: /x}}]"), "demo/lab.yaml:5", `field "say" is missing`},
		"an irrecoverable state of no kind":      {replace("minutes: 5", "minutes: 5\nirrecoverable: [{say: {en: A, zh-TW: B}}]"), "demo/lab.yaml:5", "have exactly one of file, object, script"},
		"a recap in one language":                {write("recap.en.md", "Bye."), "demo/lab.yaml:1", "recap.zh-TW.md is missing"},
		"a selector that is none":                {replace("selector: app=web", `selector: "app in ("`), "demo/lab.yaml:15", "is no label selector"},
		"a kind that is none":                    {replace("kind: Pod", "kind: /Pod"), "demo/lab.yaml:14", `"/Pod" is no kind`},
		"points that are none":                   {replace("points: 2", "points: 0"), "demo/lab.yaml:14", "not a number from 1"},
		"a list that is none":                    {replace("checks:\n  - {id: choice", "checks:\n    {id: choice"), "demo/lab.yaml:10", "expected a list"},
		"a text where a mapping should be":       {replace("kubeconfig: {expr: context.namespace == 'dev'}", "kubeconfig: dev"), "demo/lab.yaml:17", "expected a mapping"},
		"a truth that is neither true nor false": {replace("absent: true", "absent: maybe"), "demo/lab.yaml:14", "neither true nor false"},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			files := demo()
			tt.change(files)
			if maps.Equal(files, demo()) {
				t.Fatal("the row changes nothing")
			}
			_, err := load(files)
			if err == nil || !mentions(err, tt.at, tt.says) {
				t.Errorf("got %v\nwant %s ... %s", err, tt.at, tt.says)
			}
		})
	}
}

func TestWhatEditorsLeaveIsNoProblem(t *testing.T) {
	files := demo()
	for _, name := range []string{".do.en.md.swp", "do.en.md~", "do.en.md.bak", ".DS_Store", ".idea/workspace.xml"} {
		files[name] = "x"
	}
	if _, err := load(files); err != nil {
		t.Error(err)
	}
}

// mentions reports whether one of the joined problems is at that place and says that.
func mentions(err error, at, says string) bool {
	for line := range strings.Lines(err.Error()) {
		if strings.HasPrefix(line, at) && strings.Contains(line, says) {
			return true
		}
	}
	return false
}

func TestLoadReportsEveryProblem(t *testing.T) {
	files := demo()
	delete(files, "setup.sh")
	delete(files, "look.en.md")
	files["lab.yaml"] = strings.Replace(valid, "for: 10s", "for: 1h", 1)
	_, err := load(files)
	for _, says := range []string{"setup.sh", "look.en.md", `"1h"`} {
		if err == nil || !mentions(err, "demo/lab.yaml:", says) {
			t.Errorf("got %v; want a problem about %s", err, says)
		}
	}
	var problem *catalog.Problem
	if !errors.As(err, &problem) || problem.Remedy == "" {
		t.Errorf("got %#v; want a *Problem with a remedy", problem)
	}
}

func TestEveryEmbeddedLab(t *testing.T) {
	c, err := catalog.Embedded()
	if err != nil {
		t.Fatal(err)
	}
	for _, track := range c.Tracks() {
		if track.ID == "other" {
			t.Errorf("in no track: %v", track.Labs)
		}
	}
	for _, lab := range c.Labs() {
		t.Run(lab.ID, func(t *testing.T) {
			wholeLab(t, lab)
			scripts := map[string]string{"setup": lab.Setup}
			for _, step := range lab.Steps {
				wholeStep(t, step)
				for _, s := range c.Solutions(lab.ID, step.ID) {
					scripts[step.ID+"/"+s.Name] = s.Script
				}
			}
			for name, script := range scripts {
				parses(t, name, script)
			}
		})
	}
}

// wholeLab holds the labs that ship with Greenbox to more than the loader does.
func wholeLab(t *testing.T, lab labs.Lab) {
	if n := len(lab.Steps); n < 3 || n > 7 {
		t.Errorf("%d steps; want 3 to 7", n)
	}
	if lab.Minutes < 10 || lab.Minutes > 25 {
		t.Errorf("%d minutes; want 10 to 25", lab.Minutes)
	}
	if len(lab.Text) == 0 || len(lab.Recap) == 0 {
		t.Error("an introduction or a recap is missing")
	}
	for _, step := range lab.Steps {
		if len(step.Hints) < 2 {
			t.Errorf("step %s: %d hints; want 2 or more, from a nudge to nearly the command", step.ID, len(step.Hints))
		}
	}
}

func wholeStep(t *testing.T, step labs.Step) {
	for _, lang := range labs.Langs() {
		if step.Title[lang] == "" || step.Text[lang] == "" {
			t.Errorf("step %s: no title or text in %s", step.ID, lang)
		}
		for _, check := range step.Checks {
			if strings.TrimSpace(check.Failed[lang]) == "" {
				t.Errorf("step %s, check %s: no failed text in %s", step.ID, check.ID, lang)
			}
		}
	}
}

func parses(t *testing.T, name, script string) {
	cmd := exec.CommandContext(t.Context(), "bash", "-n")
	cmd.Stdin = strings.NewReader(script)
	if out, err := cmd.CombinedOutput(); err != nil {
		t.Errorf("%s: %v: %s", name, err, out)
	}
}

func TestDeleteStaticPodHasEnoughWaysThroughItsLastStep(t *testing.T) {
	c, err := catalog.Embedded()
	if err != nil {
		t.Fatal(err)
	}
	wrong, right := 0, 0
	for _, s := range c.Solutions("delete-static-pod", "delete") {
		if s.Passes() {
			right++
		} else {
			wrong++
		}
	}
	if wrong < 2 || right < 2 {
		t.Errorf("%d wrong and %d right solutions; want at least 2 of each", wrong, right)
	}
}
