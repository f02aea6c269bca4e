package grade

import (
	"context"
	"errors"
	"sync"
	"time"

	"github.com/greenbox-lab/greenbox/labs"
)

// The pace of live checking.
const (
	settle      = 150 * time.Millisecond // changes within are judged together
	scriptEvery = 10 * time.Second       // the least between two runs of a step's scripts
	scriptRest  = time.Minute            // the most between two runs, each pause being twice the last: not all that scripts see is watched
	retryEvery  = 5 * time.Second        // for what could not be read or recorded
)

// live follows the open steps of a session, one after the other, until the last is
// passed or ctx ends.
func (g *Grader) live(ctx context.Context, o *observation) {
	for {
		step, err := g.openStep(ctx, o)
		switch {
		case errors.Is(err, labs.ErrNotFound):
			return
		case err != nil:
			pause(ctx, retryEvery)
		default:
			g.follow(ctx, o, step)
		}
		if ctx.Err() != nil {
			return
		}
	}
}

// openStep returns the first step that is not passed, or labs.ErrNotFound.
func (g *Grader) openStep(ctx context.Context, o *observation) (labs.Step, error) {
	verdicts, err := g.rec.Verdicts(ctx, o.session.ID, o.lab.Steps)
	if err != nil {
		return labs.Step{}, err
	}
	for i, v := range verdicts {
		if v.Verdict == nil || *v.Verdict != labs.Passed {
			return o.lab.Steps[i], nil
		}
	}
	return labs.Step{}, labs.ErrNotFound
}

// follow judges a step whenever its cluster changes, until it has passed, a step
// was passed on request, or ctx ends.
func (g *Grader) follow(ctx context.Context, o *observation, step labs.Step) {
	ctx, cancel := context.WithCancel(ctx)
	var watching sync.WaitGroup
	defer watching.Wait()
	defer cancel()
	f, err := o.following(ctx, step, &watching)
	if step.Question() != nil || err != nil { // only the learner can answer, or be told of the error
		select {
		case <-o.passed:
		case <-ctx.Done():
		}
		return
	}
	for {
		if !g.isHeld(o.session.ID) && f.holds(ctx) && !g.isHeld(o.session.ID) {
			if err := g.pass(ctx, o, step); err == nil {
				return
			}
			f.again = retryEvery
		}
		if !o.changes(ctx, f.again) {
			return
		}
	}
}

// changes waits until something changed, or until again has passed unless it is
// zero. It reports false when there is nothing more to wait for.
func (o *observation) changes(ctx context.Context, again time.Duration) bool {
	var due <-chan time.Time
	if again > 0 {
		timer := time.NewTimer(again)
		defer timer.Stop()
		due = timer.C
	}
	select {
	case <-o.changed:
		return pause(ctx, settle)
	case <-due:
		return true
	case <-o.passed:
	case <-ctx.Done():
	}
	return false
}

// pass records that a step was passed without being asked, unless it has been meanwhile.
func (g *Grader) pass(ctx context.Context, o *observation, step labs.Step) error {
	open, err := g.openStep(ctx, o)
	if errors.Is(err, labs.ErrNotFound) || err == nil && open.ID != step.ID {
		return nil
	}
	if err != nil {
		return err
	}
	findings := make([]finding, len(step.Checks))
	for i := range findings {
		findings[i] = held(true, nil)
	}
	attempt := score(step, findings)
	attempt.Automatic = true
	_, err = g.record(ctx, o.session, attempt)
	return err
}
