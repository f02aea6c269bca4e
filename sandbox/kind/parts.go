package kind

import (
	"context"
	"fmt"
	"strings"

	"github.com/containerd/errdefs"
	"github.com/greenbox-lab/greenbox/sandbox/cluster"
	"github.com/moby/moby/client"
)

// Parts are the containers and volumes with this instance's label; see
// cluster.Sweeper.
func (p *Provider) Parts(ctx context.Context) ([]cluster.Part, error) {
	ours := make(client.Filters).Add("label", labelInstance+"="+p.cfg.Instance)
	volumes, err := p.cfg.Engine.Client().VolumeList(ctx, client.VolumeListOptions{Filters: ours})
	if err != nil {
		return nil, fmt.Errorf("list volumes: %w", err)
	}
	nodes, err := p.cfg.Engine.Client().ContainerList(ctx, client.ContainerListOptions{All: true, Filters: ours})
	if err != nil {
		return nil, fmt.Errorf("list containers: %w", err)
	}
	var parts []cluster.Part
	for _, n := range nodes.Items {
		name := n.ID
		if len(n.Names) > 0 {
			name = strings.TrimPrefix(n.Names[0], "/")
		}
		parts = append(parts, cluster.Part{Kind: cluster.Container, Name: name, Cluster: n.Labels[labelCluster]})
	}
	for _, v := range volumes.Items {
		parts = append(parts, cluster.Part{Kind: cluster.Volume, Name: v.Name, Cluster: v.Labels[labelCluster]})
	}
	return parts, nil
}

// RemovePart removes one of them; see cluster.Sweeper.
func (p *Provider) RemovePart(ctx context.Context, part cluster.Part) error {
	var err error
	switch part.Kind {
	case cluster.Container:
		_, err = p.cfg.Engine.Client().ContainerRemove(ctx, part.Name, client.ContainerRemoveOptions{RemoveVolumes: true, Force: true})
	case cluster.Volume:
		_, err = p.cfg.Engine.Client().VolumeRemove(ctx, part.Name, client.VolumeRemoveOptions{})
	}
	if err != nil && !errdefs.IsNotFound(err) {
		return fmt.Errorf("remove the %s %s: %w", part.Kind, part.Name, err)
	}
	return nil
}
