package grade_test

import (
	"runtime"
	"strings"
	"testing"
	"time"

	"github.com/greenbox-lab/greenbox/labs"
	"github.com/greenbox-lab/greenbox/labs/grade"
)

// stay is long enough to tell a wait from none on a busy machine.
const stay = time.Second

func away() labs.Check {
	return labs.Check{ID: "away", Object: &labs.ObjectCheck{
		Kind: "Pod", Namespace: "default", Name: "static-greenbox-node01", Absent: true, For: stay,
	}}
}

// asked is a step that waits for an answer, so that only its `for` checks are watched.
func asked(checks ...labs.Check) labs.Step {
	question := labs.Check{ID: "question", Answer: &labs.AnswerCheck{Kind: labs.AnswerText, Equals: []labs.Expected{{Value: "x"}}}}
	return step(append(checks, question)...)
}

func attempt(t *testing.T, g *grade.Grader, target grade.Target, checks ...labs.Check) (labs.Attempt, time.Duration) {
	t.Helper()
	start := time.Now()
	a, err := g.Grade(t.Context(), labs.Session{ID: "s"}, labs.Lab{}, step(checks...), "", target)
	if err != nil {
		t.Fatal(err)
	}
	return a, time.Since(start)
}

func TestForCountsFromWhatTheObserverSaw(t *testing.T) {
	tests := map[string]struct {
		happens func(*fakeAPI)
		verdict labs.Verdict
		waits   bool
	}{
		"away for long enough": {func(*fakeAPI) {}, labs.Passed, false},
		"back between two looks": {func(api *fakeAPI) {
			api.put(mirror())
			api.remove(mirror())
		}, labs.Passed, true},
		"back to stay":                       {func(api *fakeAPI) { api.put(mirror()) }, labs.Failed, false},
		"a watch that broke off and goes on": {func(api *fakeAPI) { api.cut(false); time.Sleep(700 * time.Millisecond) }, labs.Passed, false},
		"a watch that cannot go on":          {func(api *fakeAPI) { api.cut(true); time.Sleep(700 * time.Millisecond) }, labs.Passed, true},
		"back and away while the watch is broken": {func(api *fakeAPI) {
			api.cut(false)
			api.put(mirror())
			api.remove(mirror())
			time.Sleep(700 * time.Millisecond)
		}, labs.Passed, true},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			target := whole()
			target.api = newFakeAPI(t)
			target.api.put(mirror())
			book := &diary{}
			g := grade.New(book, book.publish)
			defer g.Close()
			g.Observe(labs.Session{ID: "s"}, labs.Lab{Steps: []labs.Step{asked(away())}}, target)
			time.Sleep(500 * time.Millisecond)
			target.api.remove(mirror())
			time.Sleep(stay + 500*time.Millisecond)

			tt.happens(target.api)
			time.Sleep(100 * time.Millisecond)
			a, took := attempt(t, g, target, away())
			if waited := took > stay/4; a.Verdict != tt.verdict || waited != tt.waits {
				t.Errorf("got %s after %v; want %s, waiting: %v", a.Verdict, took, tt.verdict, tt.waits)
			}
		})
	}
}

func TestForWithoutAnObserverWaitsTheWholeTime(t *testing.T) {
	t.Parallel()
	target := whole()
	target.api = newFakeAPI(t)
	g := grade.New(&diary{}, func(labs.Event) {})
	defer g.Close()
	if a, took := attempt(t, g, target, away()); a.Verdict != labs.Passed || took < stay {
		t.Errorf("got %s after %v; want passed after %v", a.Verdict, took, stay)
	}
}

func TestPatienceIsForStepsOfWhichAllElseHolds(t *testing.T) {
	there := labs.Check{ID: "there", File: &labs.FileCheck{Node: "node01", Path: "/etc/motd"}}
	missing := labs.Check{ID: "missing", File: &labs.FileCheck{Node: "node01", Path: "/etc/none"}}
	for name, tt := range map[string]struct {
		other   labs.Check
		verdict labs.Verdict
	}{
		"all else holds, so the Pod may still go":    {there, labs.Passed},
		"something is wrong, so there is no need to": {missing, labs.Failed},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			target := whole()
			target.api = newFakeAPI(t)
			target.api.put(mirror())
			g := grade.New(&diary{}, func(labs.Event) {})
			defer g.Close()
			time.AfterFunc(time.Second, func() { target.api.remove(mirror()) })
			a, _ := attempt(t, g, target, away(), tt.other)
			if a.Checks[0].Verdict != tt.verdict {
				t.Errorf("got %s (%v); want %s", a.Checks[0].Verdict, a.Checks[0].Message, tt.verdict)
			}
		})
	}
}

func TestNoGoroutineIsLeft(t *testing.T) {
	api, gone := newFakeAPI(t), newFakeAPI(t)
	gone.stop()
	lab := labs.Lab{Steps: []labs.Step{step(away())}}
	g := grade.New(&diary{}, func(labs.Event) {})
	for _, server := range []*fakeAPI{api, gone, api} {
		target := whole()
		target.api = server
		g.Observe(labs.Session{ID: "replaced"}, lab, target)
		g.Observe(labs.Session{ID: "forgotten"}, lab, target)
		g.Observe(labs.Session{ID: "open"}, lab, target)
	}
	attempt(t, g, &fakeTarget{api: api}, away())
	if count() == 0 {
		t.Error("nothing is watched before Close")
	}
	g.Forget("forgotten")
	g.Forget("unknown")
	g.Close()
	g.Observe(labs.Session{ID: "late"}, lab, &fakeTarget{api: api})
	if n := count(); n > 0 {
		t.Errorf("%d goroutines of package grade after Close", n)
	}
}

// count returns how many goroutines follow a cluster.
func count() int {
	stacks := make([]byte, 1<<20)
	stacks = stacks[:runtime.Stack(stacks, true)]
	return strings.Count(string(stacks), "grade.(*watched).follow(")
}
