package labs

import "time"

// Verdict is what a check or an attempt came to.
type Verdict string

// The verdicts. Errored is our fault: it is shown as such and never scored.
const (
	Passed  Verdict = "passed"
	Failed  Verdict = "failed"
	Errored Verdict = "errored"
)

// Attempt is one run of a step's checks for a learner.
type Attempt struct {
	ID        string
	SessionID string
	StepID    string
	Answer    string
	At        time.Time
	Verdict   Verdict
	Points    int
	MaxPoints int
	Checks    []CheckResult
	Automatic bool // judged because the cluster changed, not because the learner asked
	Lost      Text // why only a reset leads back; nil when nothing is lost
}

// CheckResult is what one check of an attempt came to.
type CheckResult struct {
	ID        string
	Verdict   Verdict
	Message   Text // what was expected and what was seen; empty when passed
	Points    int
	MaxPoints int
}

// StepVerdict is where a learner stands at a step: passed once it has been
// passed, else the verdict of the latest attempt, nil before the first.
type StepVerdict struct {
	StepID  string
	Verdict *Verdict
}
