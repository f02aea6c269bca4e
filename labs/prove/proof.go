package prove

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"github.com/greenbox-lab/greenbox/labs"
	"github.com/greenbox-lab/greenbox/labs/catalog"
	"github.com/greenbox-lab/greenbox/labs/grade"
)

// proof is a task under way.
type proof struct {
	Task
	lab    labs.Lab // with its variables filled in
	on     Cluster
	grader *grade.Grader
	at     string // the step at whose starting point the cluster is, or empty
}

// fresh proves that the step does not pass at its starting point. A question to
// which nothing is typed cannot pass.
func (p *proof) fresh(ctx context.Context, step labs.Step) error {
	if step.Question() != nil {
		return nil
	}
	if err := p.restore(ctx, step); err != nil {
		return err
	}
	return p.untouched(ctx, step)
}

// again proves that setting up twice is like setting up once.
func (p *proof) again(ctx context.Context, step labs.Step) error {
	scripts, err := p.lab.StartOf(step.ID)
	if err != nil || len(scripts) == 0 {
		return err
	}
	if err := p.restore(ctx, step); err != nil {
		return err
	}
	p.at = ""
	for _, script := range scripts {
		code, output, err := p.on.Run(ctx, labs.ControlPlane, script)
		if err != nil {
			return fmt.Errorf("set up a second time: %w", err)
		}
		if code != 0 {
			return fmt.Errorf("set up a second time: exit code %d\n%s", code, tail(output))
		}
	}
	if step.Question() != nil {
		return nil
	}
	return p.untouched(ctx, step)
}

// solve runs a solution from the step's starting point and proves that the step
// passes after it, or does not.
func (p *proof) solve(ctx context.Context, step labs.Step, s catalog.Solution) error {
	if err := p.restore(ctx, step); err != nil {
		return err
	}
	p.at = ""
	script := labs.Fill(s.Script, p.Lab.Values(p.Seed))
	code, output, err := p.on.Run(ctx, labs.ControlPlane, script)
	if err != nil {
		return fmt.Errorf("run %s.sh: %w", s.Name, err)
	}
	answer := ""
	if step.Question() != nil {
		if answer = s.Answer(output); answer == "" {
			return fmt.Errorf("%s.sh prints no answer (exit code %d)", s.Name, code)
		}
	}
	if err := p.attempt(ctx, step, answer, s.Passes()); err != nil {
		return fmt.Errorf("%w\n%s.sh ended with exit code %d\n%s", err, s.Name, code, tail(output))
	}
	return nil
}

// restore brings the cluster to the step's starting point unless it is there.
func (p *proof) restore(ctx context.Context, step labs.Step) error {
	if p.at == step.ID {
		return nil
	}
	p.at = ""
	if err := p.on.Restore(ctx, p.lab, step.ID); err != nil {
		return fmt.Errorf("restore the starting point: %w", err)
	}
	p.at = step.ID
	return nil
}

// untouched judges the step where it begins: not passed, and not lost.
func (p *proof) untouched(ctx context.Context, step labs.Step) error {
	a, err := p.grade(ctx, step, "")
	if err := wrong(a, err, false); err != nil {
		return err
	}
	if a.Lost != nil {
		return errors.New("is said to be lost where it begins: " + a.Lost.In(labs.English))
	}
	return nil
}

// attempt judges the step and returns what is wrong with the verdict.
func (p *proof) attempt(ctx context.Context, step labs.Step, answer string, pass bool) error {
	a, err := p.grade(ctx, step, answer)
	return wrong(a, err, pass)
}

func (p *proof) grade(ctx context.Context, step labs.Step, answer string) (labs.Attempt, error) {
	return p.grader.Grade(ctx, labs.Session{ID: p.Seed, LabID: p.lab.ID}, p.lab, step, answer, p.on)
}

// wrong is what is wrong with an attempt that must pass, or must not.
func wrong(a labs.Attempt, err error, pass bool) error {
	switch {
	case err != nil:
		return err
	case a.Verdict == labs.Errored:
		return errors.New("could not be judged:" + told(a, labs.Errored))
	case a.Verdict == labs.Passed && !pass:
		return errors.New("passes, and must not")
	case a.Verdict == labs.Failed && pass:
		return errors.New("does not pass:" + told(a, labs.Failed))
	}
	return nil
}

// told is what the learner is told of the checks with that verdict.
func told(a labs.Attempt, v labs.Verdict) string {
	var lines strings.Builder
	for _, c := range a.Checks {
		if c.Verdict == v {
			lines.WriteString("\n" + c.ID + ": " + strings.ReplaceAll(c.Message.In(labs.English), "\n", " "))
		}
	}
	return lines.String()
}

// tail is the end of what a script printed.
func tail(output string) string {
	const most = 10
	lines := strings.Split(strings.TrimSpace(output), "\n")
	return strings.Join(lines[max(0, len(lines)-most):], "\n")
}
