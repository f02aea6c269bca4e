package main

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"net/netip"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/greenbox-lab/greenbox/labs"
	"github.com/greenbox-lab/greenbox/labs/progress"
	"github.com/greenbox-lab/greenbox/labs/prove"
	"github.com/greenbox-lab/greenbox/sandbox/cluster"
	"github.com/greenbox-lab/greenbox/sandbox/engine"
	"github.com/greenbox-lab/greenbox/sandbox/kind"
	"github.com/greenbox-lab/greenbox/sandbox/restore"
)

// bench makes the clusters that labs are proved on, and removes them.
type bench struct {
	engine   *engine.Engine
	provider *kind.Provider
	db       *progress.DB // held so that no server works with the same clusters
	keeping  string       // file with the name of the kept cluster; empty when none is kept
	log      *slog.Logger
}

// prover is the learner whose clusters these are.
const prover = "lab-test"

// removeTimeout is how long removing one cluster may take.
const removeTimeout = 2 * time.Minute

// openBench removes what an earlier run could not.
func openBench(ctx context.Context, s settings, subnets netip.Prefix, keep bool, log *slog.Logger) (_ *bench, err error) {
	b := &bench{log: log}
	defer func() {
		if err != nil {
			err = errors.Join(err, b.close())
		}
	}()
	if err := os.MkdirAll(s.data, 0o700); err != nil {
		return nil, err
	}
	if b.db, err = progress.Open(ctx, filepath.Join(s.data, "greenbox.db")); err != nil {
		return nil, err
	}
	if b.engine, err = engine.Open(ctx); err != nil {
		return nil, fmt.Errorf("%w; `greenbox image` starts one, `greenbox doctor` says more", err)
	}
	if b.provider, err = newProvider(ctx, b.engine, s, subnets, log); err != nil {
		return nil, err
	}
	if keep {
		b.keeping = filepath.Join(s.data, "kept")
	}
	return b, b.sweep(ctx)
}

func (b *bench) close() error {
	if b.engine != nil {
		_ = b.engine.Close() // only idle connections are given up
	}
	if b.db != nil {
		return b.db.Close()
	}
	return nil
}

// sweep removes the clusters of earlier runs, but for the one that is kept.
func (b *bench) sweep(ctx context.Context) error {
	kept, err := b.kept()
	if err != nil {
		return err
	}
	left, err := b.provider.List(ctx)
	if err != nil {
		return err
	}
	for _, c := range left {
		if c.Labels.Learner != prover || c.Name == kept && c.State != cluster.Broken {
			continue
		}
		if err := b.remove(ctx, c.Name); err != nil {
			return err
		}
	}
	return nil
}

func (b *bench) remove(ctx context.Context, name string) error {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), removeTimeout)
	defer cancel()
	return b.provider.Delete(ctx, name)
}

// open is prove.Open.
func (b *bench) open(ctx context.Context, lab string) (prove.Cluster, func() error, error) {
	if c := b.reuse(ctx); c != nil {
		return c, c.close, nil
	}
	c := newWorkpiece(b.provider, "greenbox-"+strings.ToLower(rand.Text()[:12]))
	labels := cluster.Labels{Session: c.name, Learner: prover, Lab: lab}
	err := b.provider.Create(ctx, c.name, labels, func(labs.Stage) {})
	if err != nil {
		return nil, nil, errors.Join(err, c.close())
	}
	if err = restore.Remember(ctx, c); err == nil && b.keeping != "" {
		err = os.WriteFile(b.keeping, []byte(c.name), 0o600)
	}
	if err != nil {
		return nil, nil, errors.Join(err, c.close(), b.remove(ctx, c.name))
	}
	if b.keeping != "" {
		return c, c.close, nil
	}
	return c, func() error { return errors.Join(c.close(), b.remove(ctx, c.name)) }, nil
}

// reuse returns the kept cluster if there is one and it answers.
func (b *bench) reuse(ctx context.Context) *workpiece {
	name, err := b.kept()
	if err != nil || name == "" {
		return nil
	}
	c := newWorkpiece(b.provider, name)
	err = b.provider.Resume(ctx, name)
	for _, node := range labs.Nodes() {
		if err == nil {
			_, err = c.ReadFile(ctx, node, "/etc/hostname")
		}
	}
	if err == nil {
		return c
	}
	b.log.Info("the kept cluster cannot be used again", "cluster", name, "error", err)
	if err := errors.Join(c.close(), b.remove(ctx, name)); err != nil {
		b.log.Warn("remove the kept cluster", "cluster", name, "error", err)
	}
	return nil
}

// kept is the name of the cluster to use again, or empty.
func (b *bench) kept() (string, error) {
	if b.keeping == "" {
		return "", nil
	}
	name, err := os.ReadFile(b.keeping)
	if errors.Is(err, fs.ErrNotExist) {
		return "", nil
	}
	return string(name), err
}
