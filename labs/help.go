package labs

import "time"

// HelpKind is what a learner was shown on request.
type HelpKind string

// The kinds of help.
const (
	HelpHint     HelpKind = "hint"
	HelpSolution HelpKind = "solution"
)

// Help is one piece of help that a learner asked for and got.
type Help struct {
	SessionID string
	StepID    string
	Kind      HelpKind
	Number    int // of the hint, from 1; 0 for the solution
	At        time.Time
}

// HelpGiven says that a learner was shown a hint or a solution.
type HelpGiven struct{ Help Help }

// Session is the id of the session the event is about.
func (e HelpGiven) Session() string { return e.Help.SessionID }
