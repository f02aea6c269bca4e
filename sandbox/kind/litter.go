package kind

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"time"

	"github.com/greenbox-lab/greenbox/sandbox/cluster"
	"github.com/moby/moby/api/types/container"
	"github.com/moby/moby/api/types/volume"
	"github.com/moby/moby/client"
)

// litter is what lacks a network of containers and volumes, as broken clusters. They
// are to be listed before the networks are: a network is there before what is in it
// is made, and goes last.
func (p *Provider) litter(nodes []container.Summary, volumes []volume.Volume, networks map[string]bool) []cluster.Cluster {
	found := map[string]cluster.Cluster{}
	add := func(labels map[string]string, made time.Time) {
		name := labels[labelCluster]
		if name == "" || networks[name] || labels[labelInstance] != p.cfg.Instance {
			return
		}
		if newest := found[name].Created; newest.After(made) {
			made = newest
		}
		found[name] = cluster.Cluster{Name: name, Labels: readLabels(labels), Created: made, State: cluster.Broken}
	}
	for _, n := range nodes {
		add(n.Labels, time.Unix(n.Created, 0))
	}
	for _, v := range volumes {
		add(v.Labels, parseTime(v.CreatedAt))
	}
	return slices.Collect(maps.Values(found))
}

// volumesWith are those with a label.
func (p *Provider) volumesWith(ctx context.Context, label string) ([]volume.Volume, error) {
	found, err := p.cfg.Engine.Client().VolumeList(ctx, client.VolumeListOptions{Filters: make(client.Filters).Add("label", label)})
	if err != nil {
		return nil, fmt.Errorf("list the volumes with label %s: %w", label, err)
	}
	return found.Items, nil
}
