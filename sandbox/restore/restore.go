// Package restore brings a running cluster back to where a step of a lab begins,
// without making a new one: learners go back to a step, and every lab is tested
// step by step.
//
// Remember keeps on each node, once, what a cluster is like when nobody has
// worked on it: files, kubelet, objects. Step brings that back (whatever is
// surplus in a node's files is moved to /root/saved, surplus objects are deleted,
// missing ones made) and then runs the lab's own scripts. What it does to a node
// is in the scripts beside this file; files.sh, objects.sh and sandboxes.sh run
// in that order. They do not touch what an API server needs to come back at all:
// a cluster that has lost its data needs a reset.
package restore

import (
	"context"
	_ "embed" // the scripts
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/greenbox-lab/greenbox/labs"
	"golang.org/x/sync/errgroup"
)

var (
	//go:embed common.sh
	common string
	//go:embed remember.sh
	remember string
	//go:embed files.sh
	files string
	//go:embed objects.sh
	objects string
	//go:embed sandboxes.sh
	sandboxes string
)

// scriptTimeout is how long one script may take on a node.
const scriptTimeout = 2 * time.Minute

// Node runs a bash script on a node as root, in /root and with nothing to read,
// and waits for it. An exit code other than 0 is no error.
type Node interface {
	Run(ctx context.Context, node, script string) (exitCode int, output string, err error)
}

// Remember keeps what the cluster is like, for Step to go back to.
func Remember(ctx context.Context, n Node) error {
	return everywhere(ctx, n, "keeping the cluster's beginning", remember)
}

// Begin sets the lab up on a cluster on which nobody has worked yet.
func Begin(ctx context.Context, n Node, lab labs.Lab) error {
	if len(lab.Steps) == 0 {
		return run(ctx, n, labs.ControlPlane, "the lab's setup", lab.Setup)
	}
	return lead(ctx, n, lab, lab.Steps[0].ID)
}

// Step restores the starting point of a step: it cleans the cluster up and leads
// to the step by the lab's scripts. A step the lab does not have is labs.ErrNotFound,
// and then nothing is changed. The lab's variables are filled in already.
func Step(ctx context.Context, n Node, lab labs.Lab, stepID string) error {
	if _, err := lab.Step(stepID); err != nil {
		return fmt.Errorf("step %q: %w", stepID, err)
	}
	if err := clean(ctx, n); err != nil {
		return err
	}
	return lead(ctx, n, lab, stepID)
}

func clean(ctx context.Context, n Node) error {
	if err := everywhere(ctx, n, "restoring the files", files); err != nil {
		return err
	}
	if err := run(ctx, n, labs.ControlPlane, "restoring the cluster's objects", common+objects); err != nil {
		return err
	}
	return everywhere(ctx, n, "stopping what is left of Pods", sandboxes)
}

// lead runs the scripts that lead from a clean cluster to the step.
func lead(ctx context.Context, n Node, lab labs.Lab, stepID string) error {
	scripts, err := lab.StartOf(stepID)
	if err != nil {
		return fmt.Errorf("step %q: %w", stepID, err)
	}
	for _, script := range scripts {
		if err := run(ctx, n, labs.ControlPlane, role(lab, script), script); err != nil {
			return err
		}
	}
	return nil
}

// role says what a script of the lab is for.
func role(lab labs.Lab, script string) string {
	for _, s := range lab.Steps {
		if s.Start == script {
			return fmt.Sprintf("the start of step %q", s.ID)
		}
	}
	return "the lab's setup"
}

// everywhere runs one of our own scripts on all nodes at once.
func everywhere(ctx context.Context, n Node, role, script string) error {
	group, ctx := errgroup.WithContext(ctx)
	for _, node := range labs.Nodes() {
		group.Go(func() error { return run(ctx, n, node, role, common+script) })
	}
	return group.Wait()
}

// run runs a script. The error is one sentence and says what the script was for.
func run(ctx context.Context, n Node, node, role, script string) error {
	timed, cancel := context.WithTimeout(ctx, scriptTimeout)
	defer cancel()
	code, output, err := n.Run(timed, node, script)
	switch {
	case err != nil && ctx.Err() == nil && errors.Is(timed.Err(), context.DeadlineExceeded):
		return fmt.Errorf("%s did not finish within %s: %w", role, scriptTimeout, err)
	case err != nil:
		return fmt.Errorf("%s could not run: %w", role, err)
	case code != 0:
		return &ScriptError{Role: role, Node: node, ExitCode: code, Output: output}
	}
	return nil
}

// ScriptError says that a script failed.
type ScriptError struct {
	Role     string // what the script was for
	Node     string
	ExitCode int
	Output   string
}

func (e *ScriptError) Error() string {
	output := strings.TrimSpace(e.Output)
	return fmt.Sprintf("%s failed (exit code %d): %s", e.Role, e.ExitCode, output[strings.LastIndexByte(output, '\n')+1:])
}
