package web

import (
	"context"
	"errors"

	"github.com/greenbox-lab/greenbox/labs"
)

// standing is a session's lab and where its learner stands at each step.
type standing struct {
	lab   labs.Lab
	steps []stepStanding
}

// stepStanding is a step, what became of it, and what help was given.
type stepStanding struct {
	step     labs.Step
	verdict  *labs.Verdict
	hints    int
	solution bool
}

// standing reads where a session stands. A lab that is no longer there has no steps.
func (s *Server) standing(ctx context.Context, session labs.Session) (standing, error) {
	lab, err := s.labOf(session)
	if err != nil && !errors.Is(err, labs.ErrNotFound) {
		return standing{}, err
	}
	verdicts, err := s.Progress.Verdicts(ctx, session.ID, lab.Steps)
	if err != nil {
		return standing{}, err
	}
	given, err := s.Progress.Help(ctx, session.ID)
	if err != nil {
		return standing{}, err
	}
	st := standing{lab: lab, steps: make([]stepStanding, len(lab.Steps))}
	for i, step := range lab.Steps {
		hints, solution := helped(given, step)
		st.steps[i] = stepStanding{step, verdicts[i].Verdict, hints, solution}
	}
	return st, nil
}

// done reports whether every step has been passed.
func (st standing) done() bool {
	for _, at := range st.steps {
		if at.verdict == nil || *at.verdict != labs.Passed {
			return false
		}
	}
	return len(st.steps) > 0
}

// helped counts the hints of a step that were given, as far as the step still
// has them, and reports whether its solution was.
func helped(given []labs.Help, step labs.Step) (hints int, solution bool) {
	for _, help := range given {
		if help.StepID != step.ID {
			continue
		}
		switch help.Kind {
		case labs.HelpHint:
			hints = max(hints, help.Number)
		case labs.HelpSolution:
			solution = true
		}
	}
	return min(hints, len(step.Hints)), solution
}
