// Package kind makes the clusters: it is cluster.Provider, cluster.Pauser,
// cluster.Taker and cluster.Access on sigs.k8s.io/kind and a Docker Engine, and the only importer
// of that library.
//
// The library takes its network from a variable of the whole process, takes no
// context and reports success before a cluster answers. So each creation runs in
// a child process of our own binary (Child) with a network of its own, which is
// ended by ending its process group; caps are put on the nodes as soon as both
// exist; and readiness is watched here: both nodes, CoreDNS, kube-proxy, and a
// name resolved through the Service network from each node.
//
// The containers keep kind's names, so kind's own commands see the cluster as
// theirs; inside, the nodes are controlplane and node01. kind's CNI is left out:
// with two nodes, one route each is all that is needed, and the agent on the
// node keeps it, so that nodes are Ready at once and stay right after a restart
// has changed addresses.
//
// Where there are golden images (MakeGolden), a cluster is a clone instead: its
// two containers are made of images of a cluster that kind made, that was brought
// to rest and packed with its /var, and they run as kind would run them. Each clone
// has certificate authorities, token keys and ssh keys of its own from before its
// first boot (identity). Its network knows the nodes by the golden ones' names too,
// since those are in the kubeconfigs.
//
// What belongs to a cluster is found by label: its network, and the containers and
// volumes of a clone, carry ours, with whose it is; the containers carry kind's too.
// Nothing here knows labs or learners but as the values of labels.
package kind

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net/netip"
	"os"
	"path/filepath"
	"time"

	"github.com/greenbox-lab/greenbox/labs"
	"github.com/greenbox-lab/greenbox/sandbox/cluster"
	"github.com/greenbox-lab/greenbox/sandbox/engine"
)

// Config is what a Provider needs.
type Config struct {
	Engine   *engine.Engine
	Instance string       // tells this Greenbox's clusters from another's on the same engine
	Image    string       // of the nodes
	Program  string       // path of the greenbox binary: a static one, it runs on the nodes too
	Dir      string       // kubeconfigs and logs of failed clusters are kept below
	Range    netip.Prefix // each cluster's network is a small part of it
	NoClone  bool         // have kind make every cluster, also where there are golden images
	Log      *slog.Logger
}

// Provider makes kind clusters. Its methods may be called from many goroutines.
type Provider struct {
	cfg  Config
	host hostFacts
}

var (
	_ cluster.Provider = (*Provider)(nil)
	_ cluster.Pauser   = (*Provider)(nil)
	_ cluster.Access   = (*Provider)(nil)
	_ cluster.Taker    = (*Provider)(nil)
	_ cluster.Surveyor = (*Provider)(nil)
)

// New looks at the engine's machine once and returns a Provider for it.
func New(ctx context.Context, cfg Config) (*Provider, error) {
	facts, err := lookAtHost(ctx, cfg.Engine)
	if err != nil {
		return nil, err
	}
	for _, dir := range []string{"clusters", "logs"} {
		if err := os.MkdirAll(filepath.Join(cfg.Dir, dir), 0o700); err != nil {
			return nil, err
		}
	}
	return &Provider{cfg: cfg, host: facts}, nil
}

// createTimeout is how long a cluster may take where the caller sets no deadline.
const createTimeout = 10 * time.Minute

// Create makes a cluster; see cluster.Provider.
func (p *Provider) Create(ctx context.Context, name string, labels cluster.Labels, stage func(labs.Stage)) error {
	ctx, cancel := context.WithTimeout(ctx, createTimeout)
	defer cancel()
	err := p.create(ctx, name, labels, stage)
	if err == nil {
		return nil
	}
	clean, cancel := context.WithTimeout(context.WithoutCancel(ctx), 2*time.Minute)
	defer cancel()
	if !errors.Is(ctx.Err(), context.Canceled) { // else nobody waits for a reason
		kept, lerr := p.keepLogs(clean, name)
		if lerr != nil {
			p.cfg.Log.Warn("keep the logs of a failed cluster", "cluster", name, "err", lerr)
		}
		err = fmt.Errorf("%w (node logs: %s)", err, kept)
	}
	if ctx.Err() != nil {
		err = errors.Join(err, p.settle(clean, name))
	}
	return errors.Join(err, p.remove(clean, name))
}

// quiet is how long no container of a cluster must have appeared after its
// creation was cut short: the engine finishes a request whose client was killed.
const quiet = 3 * time.Second

// settle removes a cluster's nodes until no more of them appear. The network
// stays for now: while it is there, List finds the cluster.
func (p *Provider) settle(ctx context.Context, name string) error {
	for since := time.Now(); time.Since(since) < quiet; {
		removed, err := p.removeNodes(ctx, name)
		if err != nil {
			return err
		}
		if removed > 0 {
			since = time.Now()
		}
		select {
		case <-ctx.Done():
			return fmt.Errorf("remove the nodes of %s: %w", name, ctx.Err())
		case <-time.After(quiet / 10):
		}
	}
	return nil
}

func (p *Provider) create(ctx context.Context, name string, labels cluster.Labels, stage func(labs.Stage)) error {
	stage(labs.StageNetwork)
	if err := p.createNetwork(ctx, name, labels); err != nil {
		return err
	}
	if err := p.createNodes(ctx, name, labels, stage); err != nil {
		return err
	}
	stage(labs.StageReady)
	return p.waitReady(ctx, name)
}

// createNodes clones the golden nodes, or has kind make some where there are none.
func (p *Provider) createNodes(ctx context.Context, name string, labels cluster.Labels, stage func(labs.Stage)) error {
	if p.cfg.NoClone || name == golden || proxied() {
		return p.byKind(ctx, name, labels, stage)
	}
	images, err := p.GoldenImages(ctx)
	if err != nil {
		return err
	}
	if images == nil {
		p.cfg.Log.Info("kind makes this cluster, since there is no golden one: `greenbox image` makes it", "cluster", name)
		return p.byKind(ctx, name, labels, stage)
	}
	return p.clone(ctx, name, labels, images, stage)
}

// byKind has kind make the nodes, and makes them the learner's.
func (p *Provider) byKind(ctx context.Context, name string, labels cluster.Labels, stage func(labs.Stage)) error {
	if err := p.runChild(ctx, name, stage, func() error { return p.capNodes(ctx, name, labels) }); err != nil {
		return err
	}
	return p.furnish(ctx, name)
}

// containerOf is the name that kind gives a node's container.
func containerOf(name, node string) (string, error) {
	switch node {
	case labs.ControlPlane:
		return name + "-control-plane", nil
	case labs.Worker:
		return name + "-worker", nil
	}
	return "", fmt.Errorf("node %q: %w", node, labs.ErrNotFound)
}

// containers are the names of a cluster's containers, the control plane first.
func containers(name string) []string { return []string{name + "-control-plane", name + "-worker"} }
