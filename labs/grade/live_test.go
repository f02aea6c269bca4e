package grade_test

import (
	"errors"
	"slices"
	"testing"
	"testing/synctest"
	"time"

	"github.com/greenbox-lab/greenbox/labs"
	"github.com/greenbox-lab/greenbox/labs/grade"
)

// soon is how long a change may take to be judged.
const soon = 2 * time.Second

// session is one that is observed.
type session struct {
	*fakeTarget
	book   *diary
	grader *grade.Grader
	lab    labs.Lab
}

// open observes a session of a lab with those steps.
func open(t testing.TB, target *fakeTarget, steps ...labs.Step) *session {
	book := &diary{}
	s := &session{target, book, grade.New(book, book.publish), labs.Lab{Steps: steps}}
	t.Cleanup(s.grader.Close)
	s.observe()
	return s
}

func (s *session) observe() { s.grader.Observe(labs.Session{ID: "s"}, s.lab, s.fakeTarget) }

// passes waits for a step to pass by itself.
func (s *session) passes(t *testing.T, stepID string) {
	t.Helper()
	isIt := func(a labs.Attempt) bool { return a.StepID == stepID && a.Verdict == labs.Passed && a.Automatic }
	began := time.Now()
	for !slices.ContainsFunc(s.book.published(), isIt) {
		if time.Since(began) > 10*soon {
			t.Fatalf("step %s does not pass: %+v", stepID, s.book.published())
		}
		time.Sleep(5 * time.Millisecond)
	}
	if took := time.Since(began); took > soon {
		t.Errorf("step %s passed after %v; want at most %v", stepID, took, soon)
	}
}

func (s *session) silent(t *testing.T) {
	t.Helper()
	time.Sleep(500 * time.Millisecond)
	if got := s.book.published(); len(got) > 0 {
		t.Errorf("published %+v; want nothing", got)
	}
}

func named(id string, checks ...labs.Check) labs.Step {
	s := step(checks...)
	s.ID = id
	return s
}

func ofPods(o labs.ObjectCheck) labs.Check {
	o.Kind, o.Namespace = "Pod", "default"
	return labs.Check{Object: &o}
}

func file(path, expr string) labs.Check {
	return labs.Check{File: &labs.FileCheck{Node: "node01", Path: path, Expr: expr}}
}

func script() labs.Check { return labs.Check{Script: &labs.ScriptCheck{Node: "node01"}} }

func TestAnOpenStepPassesAsItHappens(t *testing.T) {
	web := ofPods(labs.ObjectCheck{Name: "web"})
	dev := labs.Check{Kubeconfig: &labs.KubeconfigCheck{Expr: "context.namespace == 'dev'"}}
	tests := map[string]struct {
		checks []labs.Check
		before func(*fakeTarget)
		almost func(*fakeTarget) // not enough
		change func(*fakeTarget)
	}{
		"an object appears": {checks: []labs.Check{web},
			almost: func(f *fakeTarget) { f.api.put(pod("another")) },
			change: func(f *fakeTarget) { f.api.put(pod("web")) }},
		"an object goes": {checks: []labs.Check{ofPods(labs.ObjectCheck{Selector: "app=web", Absent: true})},
			before: func(f *fakeTarget) { f.api.put(pod("web")); f.api.put(pod("another")) },
			almost: func(f *fakeTarget) { f.api.remove(pod("web")) },
			change: func(f *fakeTarget) { f.api.remove(pod("another")) }},
		"an object stays away for as long as is asked": {checks: []labs.Check{away()},
			before: func(f *fakeTarget) { f.api.put(mirror()) },
			almost: func(f *fakeTarget) { f.api.remove(mirror()); f.api.put(mirror()) },
			change: func(f *fakeTarget) { f.api.remove(mirror()) }},
		"there are as many objects as are asked": {checks: []labs.Check{ofPods(labs.ObjectCheck{List: "objects.size() == 2"})},
			almost: func(f *fakeTarget) { f.api.put(pod("web")) },
			change: func(f *fakeTarget) { f.api.put(pod("another")) }},
		"an object and a file": {checks: []labs.Check{web, file("/etc/motd", "text == 'bye'")},
			almost: func(f *fakeTarget) { f.api.put(pod("web")) },
			change: func(f *fakeTarget) { f.write("node01:/etc/motd", "bye") }},
		"a file and an object": {checks: []labs.Check{web, file("/etc/motd", "text == 'bye'")},
			almost: func(f *fakeTarget) { f.write("node01:/etc/motd", "bye") },
			change: func(f *fakeTarget) { f.api.put(pod("web")) }},
		"the kubeconfig": {checks: []labs.Check{dev},
			before: func(f *fakeTarget) { f.write("controlplane:/root/.kube/config", "") },
			almost: func(f *fakeTarget) { f.write("controlplane:/root/.kube/config", "current-context: x") },
			change: func(f *fakeTarget) { f.write("controlplane:/root/.kube/config", kubeconfig) }},
		"a script, when all else holds": {checks: []labs.Check{web, script()},
			almost: func(*fakeTarget) {},
			change: func(f *fakeTarget) { f.api.put(pod("web")) }},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			target := whole()
			target.api = newFakeAPI(t)
			if tt.before != nil {
				tt.before(target)
			}
			s := open(t, target, named("do", tt.checks...))
			s.silent(t)
			tt.almost(target)
			s.silent(t)
			tt.change(target)
			s.passes(t, "do")
			got := s.book.published()[0]
			if len(got.Checks) != len(tt.checks) || got.Points != len(tt.checks) || got.SessionID != "s" || got.ID == "" {
				t.Errorf("the attempt is %+v", got)
			}
		})
	}
}

func TestStepsPassOneAfterTheOther(t *testing.T) {
	hello, bye := file("/etc/motd", "text == 'hello'"), file("/etc/motd", "text == 'bye'")
	tests := map[string]struct {
		steps  []labs.Step
		passed string // before
		do     func(*testing.T, *session)
		want   []string // steps passed, in order
		watch  []string // what is watched then
	}{
		"a step that already holds passes when its turn comes": {
			[]labs.Step{named("1", bye), named("2", file("/etc/app.yaml", "data.replicas == 3"))}, "",
			func(_ *testing.T, s *session) { s.write("node01:/etc/motd", "bye") }, []string{"1", "2"}, nil},
		"a later step that holds waits for its turn": {
			[]labs.Step{named("1", bye), named("2", hello)}, "",
			func(*testing.T, *session) {}, nil, []string{"node01:/etc/motd"}},
		"a step that was passed before is not judged again": {
			[]labs.Step{named("1", hello), named("2", bye)}, "1",
			func(*testing.T, *session) {}, nil, []string{"node01:/etc/motd"}},
		"a question waits for its answer": {
			[]labs.Step{named("1", asked(hello).Checks...), named("2", hello)}, "",
			func(*testing.T, *session) {}, nil, nil},
		"an answer that passes moves on": {
			[]labs.Step{named("1", asked().Checks...), named("2", hello)}, "",
			func(t *testing.T, s *session) { s.attempt(t, "1", "x") }, []string{"1", "2"}, nil},
		"an answer that fails does not": {
			[]labs.Step{named("1", asked().Checks...), named("2", hello)}, "",
			func(t *testing.T, s *session) { s.attempt(t, "1", "y") }, nil, nil},
		"a session that is forgotten is left alone": {
			[]labs.Step{named("1", bye)}, "",
			func(_ *testing.T, s *session) {
				s.grader.Forget("s")
				synctest.Wait()
				s.write("node01:/etc/motd", "bye")
			}, nil, nil},
		"a session that is observed anew begins where it stands now": {
			[]labs.Step{named("1", bye), named("2", hello)}, "1",
			func(_ *testing.T, s *session) {
				s.book.forget()
				s.observe()
				synctest.Wait()
				s.write("node01:/etc/motd", "bye")
			}, []string{"1"}, []string{"node01:/etc/motd"}},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				book := &diary{attempts: []labs.Attempt{{StepID: tt.passed, Verdict: labs.Passed}}}
				s := &session{whole(), book, grade.New(book, book.publish), labs.Lab{Steps: tt.steps}}
				defer s.grader.Close()
				s.observe()
				synctest.Wait()
				tt.do(t, s)
				time.Sleep(soon)
				var got []string
				for _, a := range book.published() {
					if a.Verdict == labs.Passed && a.ID != "" { // that of before has none
						got = append(got, a.StepID)
					}
				}
				if !slices.Equal(got, tt.want) {
					t.Errorf("passed %v; want %v", got, tt.want)
				}
				if watched := s.paths(); !slices.Equal(watched, tt.watch) {
					t.Errorf("watched are %v; want %v", watched, tt.watch)
				}
			})
		})
	}
}

func (s *session) attempt(t *testing.T, stepID, answer string) {
	t.Helper()
	step, err := s.lab.Step(stepID)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := s.grader.Grade(t.Context(), labs.Session{ID: "s"}, s.lab, step, answer, s.fakeTarget); err != nil {
		t.Fatal(err)
	}
}

func TestNothingPassesDuringAHold(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		do := named("do", file("/etc/motd", "text == 'bye'"))
		s := open(t, whole(), do)
		synctest.Wait()
		outer, inner := s.grader.Hold("s"), s.grader.Hold("s")
		inner()
		s.write("node01:/etc/motd", "bye")
		s.silent(t)
		if _, err := s.grader.Grade(t.Context(), labs.Session{ID: "s"}, s.lab, do, "", s.fakeTarget); !errors.Is(err, labs.ErrBusy) {
			t.Errorf("an attempt is %v; want %v", err, labs.ErrBusy)
		}
		outer()
		s.passes(t, "do")
	})
}

func TestScriptsRunSeldom(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		target := whole()
		target.exit = 1
		s := open(t, target, named("do", file("/etc/motd", ""), script()))
		runs := func(want int, when string) {
			t.Helper()
			if got := s.runs(); got != want {
				t.Errorf("the script ran %d times %s; want %d", got, when, want)
			}
		}
		time.Sleep(time.Hour)
		runs(1+2+1+58, "in an hour without a change: when the step opened, after 10 s and 20 s, and each minute")
		for range 100 {
			time.Sleep(250 * time.Millisecond)
			s.write("node01:/etc/motd", "news")
		}
		time.Sleep(15 * time.Second)
		runs(62+4, "with changes for 25 s: at the first, and every 10 s")
		s.write("node01:/etc/motd", "news")
		time.Sleep(soon)
		s.exits(0)
		s.write("node01:/etc/motd", "done")
		time.Sleep(soon)
		runs(67, "before its time came again")
		time.Sleep(10 * time.Second)
		runs(68, "at its time")
		if got := s.book.published(); len(got) != 1 || !got[0].Automatic {
			t.Errorf("published %+v", got)
		}
	})
}

func TestWhatCannotBeRecordedIsTriedAgain(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		book := &diary{refuse: errors.New("disk full")}
		g := grade.New(book, book.publish)
		defer g.Close()
		g.Observe(labs.Session{ID: "s"}, labs.Lab{Steps: []labs.Step{named("do", file("/etc/motd", ""))}}, whole())
		time.Sleep(12 * time.Second)
		if len(book.published()) > 0 {
			t.Error("published what was not recorded")
		}
		book.accept()
		time.Sleep(6 * time.Second)
		if got := book.published(); len(got) != 1 {
			t.Errorf("published %+v; want one attempt", got)
		}
	})
}

func TestAfterTheLastStepOnlyLastingConditionsAreWatched(t *testing.T) {
	target := whole()
	target.api = newFakeAPI(t)
	s := open(t, target, named("1", ofPods(labs.ObjectCheck{Name: "web"}), file("/etc/motd", "")), named("2", away()))
	s.api.put(pod("web"))
	s.passes(t, "1")
	s.passes(t, "2")
	for end := time.Now().Add(soon); count() > 1 && time.Now().Before(end); time.Sleep(5 * time.Millisecond) {
	}
	if n, paths := count(), s.paths(); n != 1 || len(paths) > 0 {
		t.Errorf("%d watches and %v are left; want the one with `for`", n, paths)
	}
}
