package grade_test

import (
	"context"
	"errors"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/greenbox-lab/greenbox/labs"
	"github.com/greenbox-lab/greenbox/labs/grade"
)

const kubeconfig = `apiVersion: v1
kind: Config
current-context: dev@kubernetes
contexts:
- name: dev@kubernetes
  context: {cluster: kubernetes, user: kubernetes-admin, namespace: dev}
`

func pod(name string) object {
	return object{"apiVersion": "v1", "kind": "Pod",
		"metadata": object{"namespace": "default", "name": name, "labels": object{"app": "web"}},
		"status":   object{"phase": "Running"}}
}

func mirror() object {
	o := pod("static-greenbox-node01")
	o["metadata"].(object)["annotations"] = object{"kubernetes.io/config.mirror": "0a1b"}
	o["metadata"].(object)["creationTimestamp"] = time.Now().Add(-10*time.Minute - 30*time.Second).UTC().Format(time.RFC3339)
	o["spec"] = object{"nodeName": "node01"}
	return o
}

// stuck is a Pod of which one container runs and one does not.
func stuck() object {
	o := pod("stuck")
	o["metadata"].(object)["labels"] = object{"app": "stuck"}
	o["status"] = object{"phase": "Pending", "podIP": "10.0.0.9",
		"initContainerStatuses": []object{
			{"name": "first", "state": object{"terminated": object{"reason": "Completed", "exitCode": 0}}},
			{"name": "second", "state": object{"terminated": object{"reason": "Error", "exitCode": 2}}},
		},
		"containerStatuses": []object{
			{"name": "nginx", "ready": true, "state": object{"running": object{}}},
			{"name": "client", "ready": false, "state": object{"waiting": object{"reason": "CrashLoopBackOff"}}},
		}}
	return o
}

func deployment() object {
	return object{"apiVersion": "apps/v1", "kind": "Deployment",
		"metadata": object{"namespace": "default", "name": "web"},
		"spec":     object{"replicas": 3}, "status": object{"readyReplicas": 1}}
}

func step(checks ...labs.Check) labs.Step {
	for i := range checks {
		checks[i].Points = 1
		checks[i].Failed = labs.Text{"en": "Not yet.", "zh-TW": "還沒有。"}
	}
	return labs.Step{ID: "do", Checks: checks}
}

func whole() *fakeTarget {
	return &fakeTarget{files: map[string]string{
		"node01:/etc/motd":                "hello",
		"node01:/etc/app.yaml":            "replicas: 3\n",
		"controlplane:/root/.kube/config": kubeconfig,
	}}
}

type row struct {
	check   labs.Check
	answer  string
	target  func(*fakeTarget)
	verdict labs.Verdict
	seen    string // in English
	chinese string // in Chinese
}

func TestGradeJudgesEveryKindOfCheck(t *testing.T) {
	object := func(o labs.ObjectCheck) labs.Check { return labs.Check{Object: &o} }
	file := func(f labs.FileCheck) labs.Check { f.Node = "node01"; return labs.Check{File: &f} }
	inContext := func(expr string) labs.Check {
		return labs.Check{Kubeconfig: &labs.KubeconfigCheck{Expr: expr}}
	}
	asks := func(kind labs.AnswerKind, e ...labs.Expected) labs.Check {
		return labs.Check{Answer: &labs.AnswerCheck{Kind: kind, Equals: e}}
	}
	ofPods := func(o labs.ObjectCheck, expr string) labs.Expected {
		o.Kind, o.Namespace = "Pod", "default"
		return labs.Expected{Object: &o, Expr: expr}
	}
	prints := labs.Expected{Script: &labs.ScriptCheck{Node: "node01"}}
	output := func(code int, text string) func(*fakeTarget) {
		return func(f *fakeTarget) { f.exit, f.output = code, text }
	}
	script := labs.Check{Script: &labs.ScriptCheck{Node: "node01", Script: "exit 0"}}
	staticPodPath := labs.Expected{Node: "node01", Expr: "configz.staticPodPath"}
	writes := func(name, content string) func(*fakeTarget) { return func(f *fakeTarget) { f.files[name] = content } }

	tests := map[string]row{
		"an object is there": {check: object(labs.ObjectCheck{Kind: "Pod", Namespace: "default", Name: "web"}), verdict: labs.Passed},
		"an object is not there": {check: object(labs.ObjectCheck{Kind: "Pod", Namespace: "default", Name: "db"}), verdict: labs.Failed,
			seen: "there is no Pod default/db.", chinese: "沒有 Pod default/db。"},
		"an object is absent": {check: object(labs.ObjectCheck{Kind: "Pod", Namespace: "default", Name: "db", Absent: true}), verdict: labs.Passed},
		"an object is not absent": {check: object(labs.ObjectCheck{Kind: "Pod", Namespace: "default", Name: "static-greenbox-node01", Absent: true}), verdict: labs.Failed,
			seen:    "Seen: Pod default/static-greenbox-node01 exists, created 10 min ago, mirror of a file on node01, phase Running.",
			chinese: "目前看到：Pod default/static-greenbox-node01 存在，10 分鐘前建立，是 node01 上某個檔案的 mirror Pod，狀態 Running。"},
		"an object satisfies an expression": {check: object(labs.ObjectCheck{Kind: "deployment", Namespace: "default", Name: "web", Expr: "object.spec.replicas == 3"}), verdict: labs.Passed},
		"an object does not satisfy an expression": {check: object(labs.ObjectCheck{Kind: "Deployment.apps", Namespace: "default", Name: "web", Expr: "object.status.readyReplicas == 3"}), verdict: labs.Failed,
			seen: "1 of 3 replicas ready", chinese: "1 個（要求 3 個）"},
		"an object lacks what the expression looks at": {check: object(labs.ObjectCheck{Kind: "Pod", Namespace: "default", Name: "web", Expr: "object.spec.nodeName == 'x'"}), verdict: labs.Failed,
			seen: "Pod default/web exists", chinese: "Pod default/web 存在"},
		"one of several objects satisfies an expression": {check: object(labs.ObjectCheck{Kind: "Pod", Namespace: "default", Selector: "app=web", Expr: "object.metadata.name == 'web'"}), verdict: labs.Passed},
		"no object has the labels": {check: object(labs.ObjectCheck{Kind: "Pod", Namespace: "default", Selector: "app=db"}), verdict: labs.Failed,
			seen: "there is no Pod default/* (app=db).", chinese: "沒有 Pod default/* (app=db)。"},
		"a kind that the cluster does not have": {check: object(labs.ObjectCheck{Kind: "Gateway", Namespace: "default", Name: "web"}), verdict: labs.Failed,
			seen: "does not know the kind Gateway", chinese: "叢集沒有 Gateway"},
		"a kind that the cluster does not have, absent": {check: object(labs.ObjectCheck{Kind: "Gateway", Namespace: "default", Name: "web", Absent: true}), verdict: labs.Passed},

		"one of all objects satisfies an expression": {check: object(labs.ObjectCheck{Kind: "Pod", Namespace: "default", Expr: "object.status.phase == 'Pending'"}), verdict: labs.Passed},
		"a kind of which there is nothing":           {check: object(labs.ObjectCheck{Kind: "Pod", Namespace: "other"}), verdict: labs.Failed, seen: "there is no Pod other/*.", chinese: "沒有 Pod other/*。"},
		"all objects together satisfy an expression": {check: object(labs.ObjectCheck{Kind: "Pod", Namespace: "default", List: "objects.map(o, o.metadata.name) == ['another', 'static-greenbox-node01', 'stuck', 'web']"}), verdict: labs.Passed},
		"no objects together satisfy an expression":  {check: object(labs.ObjectCheck{Kind: "Pod", Namespace: "default", Selector: "app=db", List: "objects.size() == 0"}), verdict: labs.Passed},
		"too few objects": {check: object(labs.ObjectCheck{Kind: "Pod", Namespace: "default", List: "objects.size() == 5"}), verdict: labs.Failed,
			seen: "; and 1 more.", chinese: "還有 1 個"},
		"a kind that the cluster does not have, of which none is wanted": {check: object(labs.ObjectCheck{Kind: "Gateway", List: "objects.size() == 0"}), verdict: labs.Passed},
		"a Pod that is stuck": {check: object(labs.ObjectCheck{Kind: "Pod", Namespace: "default", Selector: "app=stuck", Expr: "object.status.phase == 'Running'"}), verdict: labs.Failed,
			seen:    "phase Pending, 1 of 2 containers ready, container second terminated: Error, exit code 2, container client waiting: CrashLoopBackOff.",
			chinese: "狀態 Pending，就緒的容器有 1 個（共 2 個），容器 second 已終止：Error，結束代碼 2，容器 client 在等待：CrashLoopBackOff。"},

		"a file is there":     {check: file(labs.FileCheck{Path: "/etc/motd"}), verdict: labs.Passed},
		"a file is not there": {check: file(labs.FileCheck{Path: "/etc/none"}), verdict: labs.Failed, seen: "no such file on node01", chinese: "node01 上沒有這個檔案"},
		"a file is absent":    {check: file(labs.FileCheck{Path: "/etc/none", Absent: true}), verdict: labs.Passed},
		"a file is not absent": {check: file(labs.FileCheck{Path: "/etc/motd", Absent: true}), verdict: labs.Failed,
			seen: "the file is on node01, with 5 bytes.", chinese: "檔案在 node01 上，有 5 個位元組。"},
		"a file's text satisfies an expression": {check: file(labs.FileCheck{Path: "/etc/motd", Expr: "text == 'hello'"}), verdict: labs.Passed},
		"a file's data satisfies an expression": {check: file(labs.FileCheck{Path: "/etc/app.yaml", Expr: "data.replicas + 1 == 4"}), verdict: labs.Passed},
		"a file's documents satisfy an expression": {check: file(labs.FileCheck{Path: "/etc/two.yaml", Expr: "docs.map(d, d.kind) == ['Pod', 'Service'] && data.kind == 'Pod'"}),
			target: writes("node01:/etc/two.yaml", "# two\n---\nkind: Pod\n---\n\n---\nkind: Service\n"), verdict: labs.Passed},
		"a file of which no document is YAML": {check: file(labs.FileCheck{Path: "/etc/motd", Expr: "docs.size() == 0 && data == null"}), target: writes("node01:/etc/motd", "a: [\n"), verdict: labs.Passed},
		"a file does not satisfy an expression": {check: file(labs.FileCheck{Path: "/etc/motd", Expr: "data.replicas == 3"}), verdict: labs.Failed,
			seen: "not what was asked for", chinese: "內容不符合要求"},

		"a context satisfies an expression": {check: inContext("context.namespace == 'dev' && context.user == 'kubernetes-admin'"), verdict: labs.Passed},
		"a context does not satisfy an expression": {check: inContext("context.namespace == 'prod'"), verdict: labs.Failed,
			seen: "dev@kubernetes: cluster kubernetes, user kubernetes-admin, namespace dev.", chinese: "namespace dev。"},
		"a kubeconfig that is missing": {check: inContext("true"), target: func(f *fakeTarget) { clear(f.files) }, verdict: labs.Failed,
			seen: "no /root/.kube/config", chinese: "沒有 /root/.kube/config"},
		"a kubeconfig that is none": {check: inContext("true"), target: writes("controlplane:/root/.kube/config", "{"), verdict: labs.Failed,
			seen: "is not a kubeconfig", chinese: "不是有效的 kubeconfig"},
		"a kubeconfig without its context": {check: inContext("true"), target: writes("controlplane:/root/.kube/config", "current-context: gone"), verdict: labs.Failed,
			seen: `"gone", and there is no such context`, chinese: "沒有這個 context"},

		"a fixed answer, with space around":             {check: asks(labs.AnswerText, labs.Expected{Value: "node01"}), answer: " node01 ", verdict: labs.Passed},
		"a wrong answer":                                {check: asks(labs.AnswerText, labs.Expected{Value: "node01"}), answer: "node02", verdict: labs.Failed, seen: `your answer is "node02"`, chinese: `你的答案是 "node02"`},
		"a computed answer":                             {check: asks(labs.AnswerText, staticPodPath), answer: "/etc/mess", verdict: labs.Passed},
		"a computed path with a trailing slash":         {check: asks(labs.AnswerText, staticPodPath), answer: "/etc/mess/", verdict: labs.Passed},
		"a wrong path":                                  {check: asks(labs.AnswerText, staticPodPath), answer: "/etc/kubernetes/manifests", verdict: labs.Failed, seen: "manifests", chinese: "manifests"},
		"a computed answer that does not exist":         {check: asks(labs.AnswerText, labs.Expected{Node: "node01", Expr: "configz.none"}), answer: "x", verdict: labs.Failed, seen: `"x"`, chinese: `"x"`},
		"a number written differently":                  {check: asks(labs.AnswerNumber, labs.Expected{Node: "node01", Expr: "configz.maxPods"}), answer: "110.0", verdict: labs.Passed},
		"a number that is none":                         {check: asks(labs.AnswerNumber, labs.Expected{Value: "3"}), answer: "three", verdict: labs.Failed, seen: `"three"`, chinese: `"three"`},
		"a number in the full width of an input method": {check: asks(labs.AnswerNumber, labs.Expected{Value: "10"}), answer: "１０", verdict: labs.Passed},
		"an answer in quotes, capitals and wide space":  {check: asks(labs.AnswerText, labs.Expected{Value: "Node/node01 is  the owner"}), answer: "`NODE/node01 \t is the owner` ", verdict: labs.Passed},
		"an answer that is nothing but quotes":          {check: asks(labs.AnswerText, prints), answer: "''", verdict: labs.Failed, seen: "''", chinese: "''"},
		"the second of two right answers":               {check: asks(labs.AnswerText, labs.Expected{Value: "10s"}, labs.Expected{Value: "10"}), answer: "10", verdict: labs.Passed},
		"an answer that an object gives":                {check: asks(labs.AnswerText, ofPods(labs.ObjectCheck{Name: "stuck"}, "object.status.podIP")), answer: "10.0.0.9", verdict: labs.Passed},
		"an answer that one of the objects gives":       {check: asks(labs.AnswerText, ofPods(labs.ObjectCheck{Selector: "app=web"}, "object.metadata.name")), answer: "web", verdict: labs.Passed},
		"an answer that all objects give together":      {check: asks(labs.AnswerNumber, ofPods(labs.ObjectCheck{}, "objects.size()")), answer: "4", verdict: labs.Passed},
		"the count of no objects":                       {check: asks(labs.AnswerNumber, ofPods(labs.ObjectCheck{Name: "db"}, "objects.size()")), answer: "0", verdict: labs.Passed},
		"an answer of an object that is not there":      {check: asks(labs.AnswerText, ofPods(labs.ObjectCheck{Name: "db"}, "object.status.podIP")), answer: "10.0.0.9", verdict: labs.Failed, seen: "10.0.0.9", chinese: "10.0.0.9"},
		"an answer that a script prints last":           {check: asks(labs.AnswerText, prints), answer: "eth0", target: output(0, "noise\neth0\n"), verdict: labs.Passed},
		"an answer that a script does not find":         {check: asks(labs.AnswerText, prints), answer: "eth0", target: output(1, "no such device"), verdict: labs.Errored, seen: "exit code 1: no such device", chinese: "no such device"},
		"a choice":                                      {check: asks(labs.AnswerChoice, labs.Expected{Value: "a"}), answer: "a", verdict: labs.Passed},
		"a script that ends well":                       {check: script, verdict: labs.Passed},
		"a script that does not and says why":           {check: script, target: func(f *fakeTarget) { f.exit, f.output = 1, "noise\nport 80 is closed\n" }, verdict: labs.Failed, seen: "node01 says: port 80 is closed", chinese: "port 80 is closed"},
		"a script that does not and says nothing":       {check: script, target: func(f *fakeTarget) { f.exit = 3 }, verdict: labs.Failed, seen: "exit code 3", chinese: "結束代碼 3"},
		"a script that cannot be run":                   {check: script, target: func(f *fakeTarget) { f.broken = errors.New("node01 does not answer") }, verdict: labs.Errored, seen: "could not judge this (run a script on node01: node01 does not answer)", chinese: "這次不計分"},
	}
	api := newFakeAPI(t)
	api.configz = func(attempt int) (int, string) {
		if attempt == 1 {
			return 503, "restarting"
		}
		return 200, `{"kubeletconfig": {"staticPodPath": "/etc/mess", "maxPods": 110}}`
	}
	for _, o := range []map[string]any{pod("web"), pod("another"), mirror(), stuck(), deployment()} {
		api.put(o)
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			target := whole()
			target.api = api
			if tt.target != nil {
				tt.target(target)
			}
			judges(t, target, tt)
		})
	}
}

func judges(t *testing.T, target grade.Target, tt row) {
	t.Helper()
	book := &diary{}
	g := grade.New(book, book.publish)
	defer g.Close()
	got, err := g.Grade(t.Context(), labs.Session{ID: "s"}, labs.Lab{}, step(tt.check), tt.answer, target)
	if err != nil {
		t.Fatal(err)
	}
	check := got.Checks[0]
	if got.Verdict != tt.verdict || check.Verdict != tt.verdict {
		t.Fatalf("verdict is %s (%v); want %s", got.Verdict, check.Message, tt.verdict)
	}
	for lang, want := range map[labs.Lang]string{labs.English: tt.seen, labs.TraditionalChinese: tt.chinese} {
		if !strings.Contains(check.Message[lang], want) || (check.Message[lang] == "") != (tt.verdict == labs.Passed) {
			t.Errorf("message in %s is %q; want %q in it", lang, check.Message[lang], want)
		}
	}
	if tt.verdict == labs.Failed && !strings.HasPrefix(check.Message[labs.English], "Not yet.\n") {
		t.Errorf("message is %q; want it to begin with what was expected", check.Message)
	}
}

func TestGradeOfWhatIsNoRegularFile(t *testing.T) {
	file := func(f labs.FileCheck) labs.Check {
		f.Node, f.Path = "node01", "/etc/motd"
		return labs.Check{File: &f}
	}
	tests := map[string]labs.Check{
		"is not absent":                   file(labs.FileCheck{Absent: true}),
		"is not the file that is wanted":  file(labs.FileCheck{}),
		"does not satisfy an expression":  file(labs.FileCheck{Expr: "text == ''"}),
		"is not the learner's kubeconfig": {Kubeconfig: &labs.KubeconfigCheck{Expr: "true"}},
	}
	for name, check := range tests {
		t.Run(name, func(t *testing.T) {
			target := &fakeTarget{odd: map[string]bool{"node01:/etc/motd": true, "controlplane:/root/.kube/config": true}}
			judges(t, target, row{check: check, verdict: labs.Failed, seen: "Seen: something is there on", chinese: "上的這個位置有東西"})
			if target.read != 1 {
				t.Errorf("asked %d times; want once", target.read)
			}
		})
	}
}

func TestGradeScores(t *testing.T) {
	there := labs.Check{ID: "there", File: &labs.FileCheck{Node: "node01", Path: "/etc/motd"}}
	missing := labs.Check{ID: "missing", File: &labs.FileCheck{Node: "node01", Path: "/etc/none"}}
	script := labs.Check{ID: "script", Script: &labs.ScriptCheck{Node: "node01"}}
	tests := map[string]struct {
		checks  []labs.Check
		broken  error
		verdict labs.Verdict
		points  int
	}{
		"all checks pass":                           {[]labs.Check{there, there, script}, nil, labs.Passed, 3},
		"a check fails, the others earn points":     {[]labs.Check{there, missing, script}, nil, labs.Failed, 2},
		"a check errors, so that nothing is earned": {[]labs.Check{there, missing, script}, errors.New("broken"), labs.Errored, 0},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			book, target := &diary{}, whole()
			target.broken = tt.broken
			g := grade.New(book, book.publish)
			defer g.Close()
			got, err := g.Grade(t.Context(), labs.Session{ID: "s"}, labs.Lab{}, step(tt.checks...), "", target)
			if err != nil {
				t.Fatal(err)
			}
			if got.Verdict != tt.verdict || got.Points != tt.points || got.MaxPoints != 3 || len(got.Checks) != 3 {
				t.Errorf("got %s with %d of %d points; want %s with %d of 3", got.Verdict, got.Points, got.MaxPoints, tt.verdict, tt.points)
			}
			if got.SessionID != "s" || got.StepID != "do" || got.At.Location() != time.UTC {
				t.Errorf("attempt is %+v", got)
			}
			if want := []string{"saved " + got.ID, "published " + got.ID}; !slices.Equal(book.entries, want) {
				t.Errorf("noted %v; want %v", book.entries, want)
			}
		})
	}
}

func TestGradeWithoutAnAttempt(t *testing.T) {
	question := step(labs.Check{Answer: &labs.AnswerCheck{Kind: labs.AnswerText, Equals: []labs.Expected{{Value: "x"}}}})
	full := errors.New("disk full")
	tests := map[string]struct {
		answer  string
		refuse  error
		want    error
		entries int
	}{
		"no answer to a question":      {" \n", nil, labs.ErrAnswerMissing, 0},
		"an attempt that is not saved": {"x", full, full, 1},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			book := &diary{refuse: tt.refuse}
			g := grade.New(book, book.publish)
			defer g.Close()
			_, err := g.Grade(t.Context(), labs.Session{ID: "s"}, labs.Lab{}, question, tt.answer, whole())
			if !errors.Is(err, tt.want) || len(book.entries) != tt.entries {
				t.Errorf("error is %v, noted %v; want %v and nothing published", err, book.entries, tt.want)
			}
		})
	}
}

func TestGradeOfAClusterThatDoesNotAnswerIsErrored(t *testing.T) {
	absent := labs.ObjectCheck{Kind: "Pod", Namespace: "default", Name: "web", Absent: true}
	lasting := absent
	lasting.For = labs.MaxFor
	asks := labs.AnswerCheck{Kind: labs.AnswerText, Equals: []labs.Expected{{Node: "node01", Expr: "configz.staticPodPath"}}}
	tests := map[string]labs.Check{
		"an object":            {Object: &absent},
		"an object for a time": {Object: &lasting},
		"a computed answer":    {Answer: &asks},
	}
	for name, check := range tests {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				start := time.Now()
				target := &fakeTarget{broken: errors.New("connection refused")}
				judges(t, target, row{check: check, answer: "x", verdict: labs.Errored, seen: "connection refused", chinese: "不計分"})
				if took := time.Since(start); took < 5*time.Second || took > 30*time.Second {
					t.Errorf("gave up after %v; want time for a restart, and at most 30 s", took)
				}
			})
		})
	}
}

func TestGradeEndsWithItsCaller(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		ctx, cancel := context.WithTimeout(t.Context(), time.Second)
		defer cancel()
		book := &diary{}
		g := grade.New(book, book.publish)
		defer g.Close()
		check := labs.Check{Object: &labs.ObjectCheck{Kind: "Pod", Name: "web", Absent: true}}
		_, err := g.Grade(ctx, labs.Session{ID: "s"}, labs.Lab{}, step(check), "", &fakeTarget{broken: errors.New("connection refused")})
		if !errors.Is(err, context.DeadlineExceeded) || len(book.entries) > 0 {
			t.Errorf("error is %v, noted %v; want the caller's deadline and nothing noted", err, book.entries)
		}
	})
}
