package grade

import (
	"context"
	"slices"
	"sync"
	"time"

	"github.com/greenbox-lab/greenbox/labs"
)

// The bounds of one attempt. A condition that begins to hold just before patience
// ends and then has to hold for labs.MaxFor is still judged within most.
const (
	most     = 28 * time.Second
	patience = 12 * time.Second
)

// judge runs the checks of one attempt.
type judge struct {
	target Target
	answer string
	watch  func(labs.ObjectCheck) *watched // what is being observed, or nil
}

// finding is what one check came to.
type finding struct {
	verdict labs.Verdict
	seen    labs.Text // what is the case instead, or why we could not ask
}

func failed(seen labs.Text) finding { return finding{labs.Failed, seen} }

func errored(err error) finding { return finding{labs.Errored, unasked(err)} }

// held turns a condition into a finding.
func held(ok bool, seen labs.Text) finding {
	if ok {
		return finding{verdict: labs.Passed}
	}
	return failed(seen)
}

// step returns a finding for each check of the step, in order. Those with `for`
// come after the others, which say how much patience they get.
func (j judge) step(ctx context.Context, step labs.Step) []finding {
	ctx, cancel := context.WithTimeout(ctx, most)
	defer cancel()
	start := time.Now()
	findings := make([]finding, len(step.Checks))
	j.each(step.Checks, findings, isQuick, func(c labs.Check) finding { return j.quick(ctx, c) })

	wait := time.Duration(0)
	if converging(step.Checks, findings) {
		wait = max(0, patience-time.Since(start))
	}
	isLasting := func(c labs.Check) bool { return !isQuick(c) }
	j.each(step.Checks, findings, isLasting, func(c labs.Check) finding { return j.lasting(ctx, *c.Object, wait) })
	return findings
}

// each runs the checks that are wanted at the same time and waits for all.
func (j judge) each(checks []labs.Check, findings []finding, wanted func(labs.Check) bool, run func(labs.Check) finding) {
	var running sync.WaitGroup
	for i, c := range checks {
		if wanted(c) {
			running.Go(func() { findings[i] = run(c) })
		}
	}
	running.Wait()
}

func isQuick(c labs.Check) bool { return c.Object == nil || c.Object.For == 0 }

// converging reports whether the cluster may be on its way to what is wanted:
// other checks say that the learner has done it, and none that they have not.
func converging(checks []labs.Check, findings []finding) bool {
	passed := false
	for i, c := range checks {
		if isQuick(c) && findings[i].verdict != labs.Passed {
			return false
		}
		passed = passed || isQuick(c)
	}
	return passed
}

func (j judge) quick(ctx context.Context, c labs.Check) finding {
	switch {
	case c.Object != nil:
		return j.object(ctx, *c.Object)
	case c.File != nil:
		return j.file(ctx, *c.File)
	case c.Kubeconfig != nil:
		return j.kubeconfig(ctx, *c.Kubeconfig)
	case c.Answer != nil:
		return j.compare(ctx, *c.Answer)
	default:
		return j.script(ctx, *c.Script)
	}
}

// lasting judges a check with `for`, from a watch that is up or from one of its own.
func (j judge) lasting(ctx context.Context, check labs.ObjectCheck, patience time.Duration) finding {
	if w := j.watch(check); w != nil && w.look().live {
		return w.hold(ctx, patience)
	}
	w, err := newWatched(check, func() {})
	if err != nil {
		return errored(err)
	}
	ctx, cancel := context.WithCancel(ctx)
	var following sync.WaitGroup
	following.Go(func() { w.follow(ctx, j.target) })
	defer following.Wait()
	defer cancel()
	return w.hold(ctx, patience)
}

// score makes an attempt of the findings of a step's checks.
func score(step labs.Step, findings []finding) labs.Attempt {
	a := labs.Attempt{StepID: step.ID, Verdict: labs.Passed, MaxPoints: step.Points()}
	for i, c := range step.Checks {
		r := labs.CheckResult{ID: c.ID, Verdict: findings[i].verdict, MaxPoints: c.Points, Message: message(c, findings[i])}
		if r.Verdict == labs.Passed {
			r.Points = c.Points
		}
		a.Points += r.Points
		a.Checks = append(a.Checks, r)
	}
	is := func(v labs.Verdict) bool {
		return slices.ContainsFunc(findings, func(f finding) bool { return f.verdict == v })
	}
	switch {
	case is(labs.Errored):
		a.Verdict, a.Points = labs.Errored, 0
	case is(labs.Failed):
		a.Verdict = labs.Failed
	}
	return a
}
