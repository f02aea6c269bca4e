package kind

import (
	"context"
	"fmt"

	"github.com/containerd/errdefs"
	"github.com/greenbox-lab/greenbox/sandbox/cluster"
	"github.com/moby/moby/api/types/container"
	"github.com/moby/moby/client"
	"golang.org/x/sync/errgroup"
)

// The CPU weights of a node. A spare's is also how List knows that it is one still:
// the engine keeps it, whatever becomes of this process.
const (
	learnersShares = 1024 // what engines give where nothing is said
	sparesShares   = 64
)

func sharesOf(l cluster.Labels) int64 {
	if l.Spare {
		return sparesShares
	}
	return learnersShares
}

// Take makes a spare a learner's; see cluster.Taker.
func (p *Provider) Take(ctx context.Context, name string) error {
	group, ctx := errgroup.WithContext(ctx)
	for _, id := range containers(name) {
		group.Go(func() error {
			_, err := p.cfg.Engine.Client().ContainerUpdate(ctx, id, client.ContainerUpdateOptions{Resources: &container.Resources{CPUShares: learnersShares}})
			return err
		})
	}
	if err := group.Wait(); err != nil {
		return fmt.Errorf("take the spare %s: %w", name, err)
	}
	return nil
}

// spare asks whether nobody has taken a cluster that was made as a spare: a take
// that was cut short is to be done again.
func (p *Provider) spare(ctx context.Context, nodes []container.Summary) (bool, error) {
	for _, n := range nodes {
		got, err := p.cfg.Engine.Client().ContainerInspect(ctx, n.ID, client.ContainerInspectOptions{})
		switch {
		case errdefs.IsNotFound(err):
			continue // it is being removed
		case err != nil:
			return false, fmt.Errorf("weight of %s: %w", n.ID, err)
		case got.Container.HostConfig.CPUShares == sparesShares:
			return true, nil
		}
	}
	return len(nodes) == 0, nil
}
