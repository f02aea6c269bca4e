package kind

import (
	"archive/tar"
	"context"
	"errors"
	"fmt"
	"io"
	"path"
	"strings"

	"github.com/greenbox-lab/greenbox/labs"
	"github.com/greenbox-lab/greenbox/sandbox/cluster"
	"github.com/moby/moby/client"
)

// collectBytes is the most that Collect takes of one log.
const collectBytes = 64 << 20

// journals are the units of a node whose journals Collect takes.
var journals = []string{"kubelet", "containerd"}

// Collect passes on what a cluster's nodes and pods have logged, each log under a
// name such as node01/kubelet.log or node01/pods/POD/CONTAINER/0.log to a writer
// that open returns and Collect closes. A paused or stopped node has no journal to
// ask for, which its log then says. What cannot be had is part of the error, and
// the rest is passed on.
func (p *Provider) Collect(ctx context.Context, name string, open func(log string) (io.WriteCloser, error)) error {
	nodes, err := p.Nodes(ctx, name)
	if err != nil {
		return err
	}
	if len(nodes) == 0 {
		return fmt.Errorf("cluster %s has no nodes: %w", name, labs.ErrNotFound)
	}
	var errs []error
	for _, n := range nodes {
		id, err := containerOf(name, n.Name)
		if err != nil {
			return err
		}
		errs = append(errs, p.collectConsole(ctx, id, n, open))
		for _, unit := range journals {
			errs = append(errs, p.collectJournal(ctx, id, n, unit, open))
		}
		errs = append(errs, p.collectPods(ctx, id, n, open))
	}
	return errors.Join(errs...)
}

func (p *Provider) collectConsole(ctx context.Context, id string, n cluster.Node, open func(string) (io.WriteCloser, error)) error {
	said, err := p.console(ctx, id)
	if err != nil {
		return fmt.Errorf("console of %s: %w", n.Name, err)
	}
	return pass(strings.NewReader(string(said)), n.Name+"/console.log", open)
}

func (p *Provider) collectJournal(ctx context.Context, id string, n cluster.Node, unit string, open func(string) (io.WriteCloser, error)) error {
	log := n.Name + "/" + unit + ".log"
	if n.State != cluster.NodeRunning {
		return pass(strings.NewReader("no journal: the node is "+string(n.State)+"\n"), log, open)
	}
	journal, err := p.cfg.Engine.Dial(ctx, id, []string{"timeout", "60", "journalctl", "--no-pager", "--unit=" + unit})
	if err != nil {
		return err
	}
	stop := context.AfterFunc(ctx, func() { _ = journal.Close() }) // the read then says so
	defer stop()
	return errors.Join(pass(journal, log, open), journal.Close())
}

// collectPods takes the pods' logs from the node's files: so they can also be had of
// a node that does not run.
func (p *Provider) collectPods(ctx context.Context, id string, n cluster.Node, open func(string) (io.WriteCloser, error)) error {
	got, err := p.cfg.Engine.Client().CopyFromContainer(ctx, id, client.CopyFromContainerOptions{SourcePath: "/var/log/pods"})
	if err != nil {
		return fmt.Errorf("pods' logs of %s: %w", n.Name, err)
	}
	defer got.Content.Close()
	for files := tar.NewReader(got.Content); ; {
		h, err := files.Next()
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return fmt.Errorf("pods' logs of %s: %w", n.Name, err)
		}
		if h.Typeflag != tar.TypeReg {
			continue
		}
		if err := pass(files, path.Join(n.Name, path.Clean("/"+h.Name)), open); err != nil {
			return err
		}
	}
}

// pass copies one log to where it goes.
func pass(from io.Reader, log string, open func(string) (io.WriteCloser, error)) error {
	to, err := open(log)
	if err != nil {
		return err
	}
	_, err = io.Copy(to, io.LimitReader(from, collectBytes))
	if err := errors.Join(err, to.Close()); err != nil {
		return fmt.Errorf("%s: %w", log, err)
	}
	return nil
}
