// Package grade judges a step by asking the learner's cluster: never the browser,
// never the learner's own shell.
//
// Grade runs the checks of a step at once, within 30 s, and comes to a verdict
// for each: passed; failed, with what was expected (the check's own text) and what
// was seen (composed here, in every language, without the path of a file, which
// may be what the learner is to find); or errored, when we could not ask. An
// attempt with an errored check is errored and earns nothing; else it is failed or
// passed, and earns the points of the checks that passed. It is recorded, then
// published.
//
// A check with `for` counts from when a watch of the cluster first saw its
// condition hold without a break. Observe keeps such watches, so that most attempts
// answer at once; without one the attempt watches for itself and waits the whole
// time. A watch resumes where it broke off; when the server no longer has what
// happened in between, counting starts again. Clusters converge, so when a step has
// other checks and all of them hold, these conditions get some seconds to begin to.
//
// Answers are compared without surrounding space; paths without a trailing slash,
// numbers by value. The package knows no Docker, no SQL and no HTTP but the
// Kubernetes API; it does not know who may attempt what, nor when.
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

// Recorder keeps attempts.
type Recorder interface {
	SaveAttempt(ctx context.Context, a labs.Attempt) error
}

// Grader judges attempts and watches the clusters of open sessions. It may be
// used from several goroutines at once. Whoever makes one closes it.
type Grader struct {
	rec     Recorder
	publish func(labs.Event)

	watching sync.WaitGroup

	mu       sync.Mutex
	observed map[string]observation // by session; guarded by mu; nil once closed
}

// New returns a Grader that saves every attempt in rec, then publishes it.
func New(rec Recorder, publish func(labs.Event)) *Grader {
	return &Grader{rec: rec, publish: publish, observed: map[string]observation{}}
}

// Grade judges an attempt at a step, records it and publishes it. It blocks for
// at most 30 s. The error is labs.ErrAnswerMissing when the step asks a question
// and answer is blank, what ended ctx, or what went wrong in recording; there is
// then no attempt. A cluster that does not answer is no error, but an errored attempt.
func (g *Grader) Grade(ctx context.Context, session labs.Session, step labs.Step, answer string, target Target) (labs.Attempt, error) {
	if step.Question() != nil && strings.TrimSpace(answer) == "" {
		return labs.Attempt{}, labs.ErrAnswerMissing
	}
	j := judge{target: target, answer: answer, watch: func(c labs.ObjectCheck) *watched { return g.watched(session.ID, c) }}
	findings := j.step(ctx, step)
	if err := ctx.Err(); err != nil {
		return labs.Attempt{}, fmt.Errorf("grade step %s: %w", step.ID, err)
	}
	attempt := score(step, findings)
	attempt.ID = rand.Text()
	attempt.SessionID = session.ID
	attempt.Answer = answer
	attempt.At = time.Now().UTC()
	if err := g.rec.SaveAttempt(ctx, attempt); err != nil {
		return labs.Attempt{}, fmt.Errorf("save attempt at step %s: %w", step.ID, err)
	}
	g.publish(labs.StepAttempted{Attempt: attempt})
	return attempt, nil
}
