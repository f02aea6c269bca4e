// Package prove tells whether a lab can be trusted, by taking it on a real
// cluster: each step must not pass at its own starting point, nor after any of
// the wrong solutions that the lab ships, and must pass after the solution and
// after each other right way.
//
// A Task is one lab; All takes many. Before each scenario the cluster is brought
// back to the step's starting point, which so is tried as often as anything else. The scripts run as a learner would type them,
// and an attempt is judged by package grade, as in production.
//
// The package does not know who makes the clusters nor how they are restored.
package prove

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/greenbox-lab/greenbox/labs"
	"github.com/greenbox-lab/greenbox/labs/catalog"
	"github.com/greenbox-lab/greenbox/labs/grade"
)

// Cluster is where a lab is proved. Its scripts run in /root, with nothing to read.
type Cluster interface {
	grade.Target
	// Restore brings the cluster to the starting point of a step.
	Restore(ctx context.Context, lab labs.Lab, step string) error
}

// Task is a lab to prove.
type Task struct {
	Lab          labs.Lab // as it is written
	Solutions    func(step string) []catalog.Solution
	Seed         string // of the session that the lab is taken in
	Step         string // the only one to prove; all where empty
	Alternatives bool   // whether to prove these too
}

// Result is what one scenario came to.
type Result struct {
	Lab, Step, Scenario string
	Took                time.Duration
	Wrong               string // empty when it went as it must
}

// The scenarios that are no solutions. ScenarioCluster is the making of a cluster,
// told of the first lab that is proved on it.
const (
	ScenarioCluster = "cluster"
	ScenarioFresh   = "fresh"
	ScenarioAgain   = "setup-again"
)

// scenarioTimeout is how long restoring, a solution and its attempt may take.
const scenarioTimeout = 4 * time.Minute

// Run proves the lab on a cluster and tells each result. It ends early only when
// ctx does.
func (t Task) Run(ctx context.Context, on Cluster, tell func(Result)) error {
	p := &proof{Task: t, lab: t.Lab.For(t.Seed), on: on, grader: grade.New(unrecorded{}, func(labs.Event) {})}
	defer p.grader.Close()
	for _, step := range p.lab.Steps {
		if t.Step != "" && t.Step != step.ID {
			continue
		}
		for _, s := range p.scenarios(step) {
			began := time.Now()
			err := timed(ctx, s.run)
			if ctx.Err() != nil {
				return ctx.Err()
			}
			tell(Result{Lab: p.lab.ID, Step: step.ID, Scenario: s.name, Took: time.Since(began), Wrong: sentence(err)})
		}
	}
	return nil
}

func timed(ctx context.Context, run func(context.Context) error) error {
	ctx, cancel := context.WithTimeout(ctx, scenarioTimeout)
	defer cancel()
	err := run(ctx)
	if errors.Is(ctx.Err(), context.DeadlineExceeded) {
		return fmt.Errorf("not done within %s: %w", scenarioTimeout, err)
	}
	return err
}

func sentence(err error) string {
	if err == nil {
		return ""
	}
	return strings.TrimSpace(err.Error())
}

// unrecorded keeps no attempt: what is proved is no learner's.
type unrecorded struct{}

func (unrecorded) SaveAttempt(context.Context, labs.Attempt) error { return nil }

func (unrecorded) Verdicts(context.Context, string, []labs.Step) ([]labs.StepVerdict, error) {
	return nil, nil
}

// scenario is one thing to prove of a step.
type scenario struct {
	name string
	run  func(context.Context) error
}

// scenarios are those of a step, the wrong solutions before the right ones.
func (p *proof) scenarios(step labs.Step) []scenario {
	list := []scenario{{ScenarioFresh, func(ctx context.Context) error { return p.fresh(ctx, step) }}}
	if step.ID == p.lab.Steps[0].ID {
		list = append(list, scenario{ScenarioAgain, func(ctx context.Context) error { return p.again(ctx, step) }})
	}
	solutions := p.Solutions(step.ID)
	slices.SortStableFunc(solutions, func(a, b catalog.Solution) int { return rank(a) - rank(b) })
	for _, s := range solutions {
		if rank(s) < alternative || p.Alternatives {
			list = append(list, scenario{s.Name, func(ctx context.Context) error { return p.solve(ctx, step, s) }})
		}
	}
	return list
}

const alternative = 2

func rank(s catalog.Solution) int {
	switch {
	case !s.Passes():
		return 0
	case s.Name == "solution":
		return 1
	}
	return alternative
}
