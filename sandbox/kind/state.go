package kind

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"time"

	"github.com/containerd/errdefs"
	"github.com/greenbox-lab/greenbox/sandbox/cluster"
	"github.com/moby/moby/api/types/container"
	"github.com/moby/moby/client"
)

// List returns what exists of this instance; see cluster.Provider.
func (p *Provider) List(ctx context.Context) ([]cluster.Cluster, error) {
	ours := labelInstance + "=" + p.cfg.Instance
	found, err := p.labelled(ctx, labelKind)
	if err != nil {
		return nil, err
	}
	volumes, err := p.volumesWith(ctx, ours)
	if err != nil {
		return nil, err
	}
	networks, err := p.cfg.Engine.Client().NetworkList(ctx, client.NetworkListOptions{Filters: make(client.Filters).Add("label", ours)})
	if err != nil {
		return nil, fmt.Errorf("list clusters: %w", err)
	}
	nodes, there := map[string][]container.Summary{}, map[string]bool{}
	for _, n := range found {
		nodes[n.Labels[labelKind]] = append(nodes[n.Labels[labelKind]], n)
	}
	var out []cluster.Cluster
	for _, n := range networks.Items {
		name := n.Labels[labelCluster]
		there[name] = true
		out = append(out, cluster.Cluster{Name: name, Created: n.Created, State: stateOf(nodes[name]), Labels: readLabels(n.Labels)})
	}
	out = append(out, p.litter(found, volumes, there)...)
	for i, c := range out {
		if !c.Labels.Spare {
			continue
		}
		if out[i].Labels.Spare, err = p.spare(ctx, nodes[c.Name]); err != nil {
			return nil, err
		}
	}
	return out, nil
}

// nodes are the containers of a cluster.
func (p *Provider) nodes(ctx context.Context, name string) ([]container.Summary, error) {
	return p.labelled(ctx, labelKind+"="+name)
}

func (p *Provider) labelled(ctx context.Context, label string) ([]container.Summary, error) {
	found, err := p.cfg.Engine.Client().ContainerList(ctx, client.ContainerListOptions{
		All: true, Filters: make(client.Filters).Add("label", label),
	})
	if err != nil {
		return nil, fmt.Errorf("list the containers with label %s: %w", label, err)
	}
	return found.Items, nil
}

// stateOf is the state of a cluster with these containers.
func stateOf(nodes []container.Summary) cluster.State {
	running, off := 0, 0
	for _, n := range nodes {
		switch n.State {
		case container.StateRunning:
			running++
		case container.StateExited, container.StateCreated, container.StateDead:
			off++
		case container.StatePaused, container.StateRestarting, container.StateRemoving:
		}
	}
	switch {
	case len(nodes) < len(containers("")):
		return cluster.Broken
	case off > 0:
		return cluster.Stopped
	case running == len(nodes):
		return cluster.Running
	}
	return cluster.Paused
}

// Delete removes a cluster; see cluster.Provider. The engine may still be making the
// nodes of one whose maker was killed just now.
func (p *Provider) Delete(ctx context.Context, name string) error {
	half, err := p.halfMade(ctx, name)
	if err == nil && half {
		err = p.settle(ctx, name)
	}
	if err != nil {
		return err
	}
	return p.remove(ctx, name)
}

// halfMade reports whether a cluster lacks nodes that may yet appear: it was begun
// less than a minute ago.
func (p *Provider) halfMade(ctx context.Context, name string) (bool, error) {
	network, err := p.cfg.Engine.Client().NetworkInspect(ctx, name, client.NetworkInspectOptions{})
	if errdefs.IsNotFound(err) {
		return false, nil
	}
	if err != nil {
		return false, fmt.Errorf("look at the network of %s: %w", name, err)
	}
	if time.Since(network.Network.Created) > time.Minute {
		return false, nil
	}
	nodes, err := p.nodes(ctx, name)
	return len(nodes) < len(containers(name)), err
}

func (p *Provider) remove(ctx context.Context, name string) error {
	if _, err := p.removeNodes(ctx, name); err != nil {
		return err
	}
	if err := p.removeVolumes(ctx, name); err != nil {
		return err
	}
	if _, err := p.cfg.Engine.Client().NetworkRemove(ctx, name, client.NetworkRemoveOptions{}); err != nil && !errdefs.IsNotFound(err) {
		return fmt.Errorf("remove the network of %s: %w", name, err)
	}
	// A node that came into being meanwhile could not be found by its network.
	if _, err := p.removeNodes(ctx, name); err != nil {
		return err
	}
	return os.RemoveAll(filepath.Dir(p.kubeconfigPath(name)))
}

// removeNodes removes a cluster's containers with their volumes, and tells how
// many there were.
func (p *Provider) removeNodes(ctx context.Context, name string) (int, error) {
	nodes, err := p.nodes(ctx, name)
	if err != nil {
		return 0, err
	}
	var errs []error
	for _, n := range nodes {
		_, err := p.cfg.Engine.Client().ContainerRemove(ctx, n.ID, client.ContainerRemoveOptions{RemoveVolumes: true, Force: true})
		if !errdefs.IsNotFound(err) {
			errs = append(errs, err)
		}
	}
	if err := errors.Join(errs...); err != nil {
		return 0, fmt.Errorf("remove the nodes of %s: %w", name, err)
	}
	return len(nodes), nil
}

// removeVolumes removes those whose container the engine was kept from making: the
// others went with theirs.
func (p *Provider) removeVolumes(ctx context.Context, name string) error {
	left, err := p.volumesWith(ctx, labelCluster+"="+name)
	if err != nil {
		return err
	}
	for _, v := range left {
		if err := poll(ctx, birthTimeout, func(ctx context.Context) error { return p.removeVolume(ctx, name, v.Name) }); err != nil {
			return fmt.Errorf("remove a volume of %s: %w", name, err)
		}
	}
	return nil
}

// birthTimeout is how long a volume may be in use by a container that the engine is
// still making, and does not show.
const birthTimeout = 15 * time.Second

func (p *Provider) removeVolume(ctx context.Context, cluster, name string) error {
	_, err := p.cfg.Engine.Client().VolumeRemove(ctx, name, client.VolumeRemoveOptions{})
	switch {
	case errdefs.IsNotFound(err):
		return nil
	case errdefs.IsConflict(err):
		_, gone := p.removeNodes(ctx, cluster)
		return errors.Join(err, gone)
	}
	return err
}

// Pause stops the processes of a cluster; see cluster.Pauser. The worker goes
// first, so that the control plane never sees it missing.
func (p *Provider) Pause(ctx context.Context, name string) error {
	c := containers(name)
	for _, id := range []string{c[1], c[0]} {
		if _, err := p.containerState(ctx, id); err != nil {
			return err
		}
		if err := poll(ctx, freezeTimeout, func(ctx context.Context) error { return p.freeze(ctx, id) }); err != nil {
			return fmt.Errorf("pause %s: %w", id, err)
		}
	}
	return nil
}

// freezeTimeout is how long a busy node may keep escaping: the kernel stops a process
// only when that has its turn, and the engine soon gives up.
const freezeTimeout = 30 * time.Second

func (p *Provider) freeze(ctx context.Context, id string) error {
	state, err := p.containerState(ctx, id)
	if err != nil || state != container.StateRunning {
		return err
	}
	_, err = p.cfg.Engine.Client().ContainerPause(ctx, id, client.ContainerPauseOptions{})
	return err
}

func (p *Provider) containerState(ctx context.Context, id string) (container.ContainerState, error) {
	got, err := p.cfg.Engine.Client().ContainerInspect(ctx, id, client.ContainerInspectOptions{})
	if err != nil {
		return "", err
	}
	return got.Container.State.Status, nil
}
