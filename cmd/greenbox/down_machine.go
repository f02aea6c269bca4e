package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"

	"github.com/greenbox-lab/greenbox/sandbox/engine"
	"github.com/greenbox-lab/greenbox/sandbox/kind"
	"github.com/greenbox-lab/greenbox/sandbox/nodeimage"
)

// dockerMachine is the machine with its engine, which may not answer.
type dockerMachine struct {
	data    string
	out     io.Writer
	engine  *engine.Engine // or nil, because of
	silence error
}

func openMachine(ctx context.Context, data string, out io.Writer) dockerMachine {
	e, err := engine.Open(ctx)
	return dockerMachine{data: data, out: out, engine: e, silence: err}
}

func (m dockerMachine) close() {
	if m.engine != nil {
		_ = m.engine.Close() // only idle connections are given up
	}
}

func (m dockerMachine) clusters(ctx context.Context, instance string) (clusters, error) {
	if m.engine == nil {
		return nil, fmt.Errorf("%w: %w", errNoEngine, m.silence)
	}
	return kind.New(ctx, kind.Config{Engine: m.engine, Instance: instance, Dir: m.data, Log: slog.Default()})
}

func (m dockerMachine) uninstall(ctx context.Context) error {
	var images error
	if m.engine != nil {
		images = errors.Join(kind.RemoveGolden(ctx, m.engine), nodeimage.Remove(ctx, m.engine))
	}
	err := engine.Uninstall(ctx, func(line string) { fmt.Fprintln(m.out, line) })
	return errors.Join(images, err)
}
