package kind

import (
	"context"
	"fmt"
	"io"
	"strconv"
	"strings"
	"time"

	"github.com/greenbox-lab/greenbox/sandbox/cluster"
)

// runTimeout bounds a program where the caller sets no deadline.
const runTimeout = 2 * time.Minute

// Run runs a program on a node; see cluster.Access. When ctx ends, the program
// is killed on the node.
func (p *Provider) Run(ctx context.Context, name, node string, argv []string, stdin io.Reader) (cluster.Result, error) {
	c, err := containerOf(name, node)
	if err != nil {
		return cluster.Result{}, err
	}
	ctx, cancel := context.WithTimeout(ctx, runTimeout)
	defer cancel()
	exit, out, err := p.cfg.Engine.Exec(ctx, c, bounded(ctx, argv), stdin)
	if err != nil {
		return cluster.Result{}, fmt.Errorf("run on %s: %w", node, err)
	}
	return cluster.Result{ExitCode: exit, Output: out}, nil
}

// bounded lets the node end the program too, which the engine does not do.
func bounded(ctx context.Context, argv []string) []string {
	deadline, _ := ctx.Deadline() // set by Run
	seconds := max(1, int(time.Until(deadline).Seconds()))
	return append([]string{"timeout", "--kill-after=2", strconv.Itoa(seconds)}, argv...)
}

// Dial joins a stream to a program on a node; see cluster.Access.
func (p *Provider) Dial(ctx context.Context, name, node string, argv []string) (io.ReadWriteCloser, error) {
	c, err := containerOf(name, node)
	if err != nil {
		return nil, err
	}
	return p.cfg.Engine.Dial(ctx, c, argv)
}

// output is what a program in a container printed; any exit code but 0 is an error.
func (p *Provider) output(ctx context.Context, container string, argv ...string) ([]byte, error) {
	exit, out, err := p.cfg.Engine.Exec(ctx, container, argv, nil)
	if err != nil {
		return nil, err
	}
	if exit != 0 {
		return nil, fmt.Errorf("%s in %s: exit code %d: %s", strings.Join(argv, " "), container, exit, strings.TrimSpace(string(out)))
	}
	return out, nil
}

func (p *Provider) mustExec(ctx context.Context, container string, argv ...string) error {
	_, err := p.output(ctx, container, argv...)
	return err
}
