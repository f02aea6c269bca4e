// Package grade judges a step by asking the learner's cluster: never the browser,
// never the learner's own shell.
//
// Grade runs the checks of a step at once, within 30 s, and comes to a verdict
// for each: passed; failed, with what was expected (the check's own text) and what
// was seen (composed here, in every language, without the path of a file, which
// may be what the learner is to find); or errored, when we could not ask. An
// attempt with an errored check is errored and earns nothing; else it is failed or
// passed, and earns the points of the checks that passed. It is recorded, then
// published. Where only a reset leads back it says so: a state that the lab itself
// calls irrecoverable, or, when the cluster could not be asked, a file without
// which none runs.
//
// A check with `for` counts from when a watch of the cluster first saw its
// condition hold without a break. Observe keeps such watches, so that most attempts
// answer at once; without one the attempt watches for itself and waits the whole
// time. A watch resumes where it broke off; when the server no longer has what
// happened in between, counting starts again. Clusters converge, so when a step has
// other checks and all of them hold, these conditions get some seconds to begin to.
//
// # Live
//
// Observe also follows the open step, the first that is not passed, and passes it
// as soon as it holds, without being asked: recorded and published like any other
// attempt, but automatic. What does not pass is not recorded. A step with a question
// waits for the learner. While any other is open,
//   - each of its object checks has a watch, whose objects are kept and whose
//     condition is evaluated at each event, so that judging asks nothing of the
//     API server;
//   - the files it names, and the kubeconfig, are watched on their nodes, in one
//     stream a node that says only that something changed;
//   - scripts, which cost a process on a node, run only when all else holds and
//     something changed, at most every 10 s.
//
// A change is followed by 150 ms for what belongs to it, then the step is judged
// from the cheapest check to the dearest, up to the first that does not hold: what
// the watches know, then files (read through the agent), then scripts. So a verdict
// is out well within a second of a change; a step that already holds when it opens
// passes at once. While nothing changes nothing runs. When the last step is passed
// only the watches that `for` counts from are left, for attempts that are repeated.
//
// Answers are compared without surrounding space and quotes and without regard to
// case and the amount of space, paths without a trailing slash, numbers by value.
// The package knows no Docker, no SQL and no HTTP but the Kubernetes API; it does
// not know who may attempt what, nor when.
package grade

import (
	"context"
	"crypto/rand"
	"fmt"
	"strings"
	"sync"
	"time"

	"github.com/greenbox-lab/greenbox/labs"
	"k8s.io/client-go/rest"
)

// Target reaches into the cluster of one session.
type Target interface {
	// Config is an administrator's client configuration, not the learner's.
	Config(ctx context.Context) (*rest.Config, error)
	// ReadFile returns an error that is fs.ErrNotExist when the file is missing,
	// and fs.ErrInvalid when what is there is no regular file, or one too large to read.
	ReadFile(ctx context.Context, node, path string) ([]byte, error)
	// Run runs a bash script as root. An exit code other than 0 is no error.
	Run(ctx context.Context, node, script string) (exitCode int, output string, err error)
}

// Observable is a Target whose files can be watched.
type Observable interface {
	Target
	// WatchFiles calls changed once it watches the paths, whenever what is there may
	// have changed, appeared or gone, and when it may have missed that. It blocks
	// until ctx ends.
	WatchFiles(ctx context.Context, node string, paths []string, changed func()) error
}

// Recorder keeps attempts.
type Recorder interface {
	SaveAttempt(ctx context.Context, a labs.Attempt) error
	// Verdicts returns where the learner stands at each of the steps, in their order.
	Verdicts(ctx context.Context, sessionID string, steps []labs.Step) ([]labs.StepVerdict, error)
}

// Grader judges attempts and watches the clusters of open sessions. It may be
// used from several goroutines at once. Whoever makes one closes it.
type Grader struct {
	rec     Recorder
	publish func(labs.Event)

	watching sync.WaitGroup

	mu       sync.Mutex
	observed map[string]*observation // by session; guarded by mu; nil once closed
	holds    map[string]int          // how many, by session; guarded by mu
}

// New returns a Grader that saves every attempt in rec, then publishes it.
func New(rec Recorder, publish func(labs.Event)) *Grader {
	return &Grader{rec: rec, publish: publish, observed: map[string]*observation{}, holds: map[string]int{}}
}

// Grade judges an attempt at a step of a lab, both as the session sees them,
// records it and publishes it. It blocks for at most 35 s. The error is
// labs.ErrAnswerMissing when the step asks a question and answer is blank,
// labs.ErrBusy during a Hold, what ended ctx, or what went wrong in recording;
// there is then no attempt. A cluster
// that does not answer is no error, but an errored attempt.
func (g *Grader) Grade(ctx context.Context, session labs.Session, lab labs.Lab, step labs.Step, answer string, target Target) (labs.Attempt, error) {
	if step.Question() != nil && strings.TrimSpace(answer) == "" {
		return labs.Attempt{}, labs.ErrAnswerMissing
	}
	if g.isHeld(session.ID) {
		return labs.Attempt{}, labs.ErrBusy
	}
	o := g.observation(session.ID)
	j := judge{target: target, answer: answer, watch: o.watched}
	attempt := score(step, j.step(ctx, step))
	attempt.Answer = answer
	attempt.Lost = j.lost(ctx, lab, attempt.Verdict)
	if err := ctx.Err(); err != nil {
		return labs.Attempt{}, fmt.Errorf("grade step %s: %w", step.ID, err)
	}
	if g.isHeld(session.ID) {
		return labs.Attempt{}, labs.ErrBusy
	}
	attempt, err := g.record(ctx, session, attempt)
	if err == nil && attempt.Verdict == labs.Passed && o != nil {
		o.passed.give()
	}
	return attempt, err
}

// record saves a judged attempt, then publishes it.
func (g *Grader) record(ctx context.Context, session labs.Session, a labs.Attempt) (labs.Attempt, error) {
	a.ID = rand.Text()
	a.SessionID = session.ID
	a.At = time.Now().UTC()
	if err := g.rec.SaveAttempt(ctx, a); err != nil {
		return labs.Attempt{}, fmt.Errorf("save attempt at step %s: %w", a.StepID, err)
	}
	g.publish(labs.StepAttempted{Attempt: a})
	return a, nil
}
