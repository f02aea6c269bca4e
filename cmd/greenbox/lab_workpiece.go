package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"strings"

	"github.com/greenbox-lab/greenbox/labs"
	"github.com/greenbox-lab/greenbox/sandbox/agent"
	"github.com/greenbox-lab/greenbox/sandbox/kind"
	"github.com/greenbox-lab/greenbox/sandbox/restore"
	"k8s.io/client-go/rest"
)

// workpiece is prove.Cluster: one cluster of kind's with its agents, as a
// session's sandbox has them.
type workpiece struct {
	provider *kind.Provider
	name     string
	agents   map[string]*agent.Client // by node
}

func newWorkpiece(p *kind.Provider, name string) *workpiece {
	w := &workpiece{provider: p, name: name, agents: map[string]*agent.Client{}}
	for _, node := range labs.Nodes() {
		w.agents[node] = agent.NewClient(func(ctx context.Context) (io.ReadWriteCloser, error) {
			return p.Dial(ctx, name, node, []string{"/usr/local/bin/greenbox", "agent", "connect"})
		})
	}
	return w
}

func (w *workpiece) close() error {
	var errs []error
	for _, a := range w.agents {
		errs = append(errs, a.Close())
	}
	return errors.Join(errs...)
}

// Config is grade.Target's.
func (w *workpiece) Config(ctx context.Context) (*rest.Config, error) {
	return w.provider.Config(ctx, w.name)
}

// ReadFile is grade.Target's.
func (w *workpiece) ReadFile(ctx context.Context, node, path string) ([]byte, error) {
	const largest = 1 << 20
	content, err := w.agents[node].ReadFile(ctx, path, largest)
	if errors.Is(err, agent.ErrNotRegular) || errors.Is(err, agent.ErrTooLarge) {
		return nil, fmt.Errorf("%w: %w", fs.ErrInvalid, err)
	}
	return content, err
}

// Run is grade.Target's.
func (w *workpiece) Run(ctx context.Context, node, script string) (int, string, error) {
	exit, output, err := w.agents[node].Run(ctx, script)
	return exit, string(output), err
}

// Restore is prove.Cluster's.
func (w *workpiece) Restore(ctx context.Context, lab labs.Lab, step string) error {
	err := restore.Step(ctx, w, lab, step)
	var failed *restore.ScriptError
	if errors.As(err, &failed) {
		return fmt.Errorf("%w\n%s", err, strings.TrimSpace(failed.Output))
	}
	return err
}
