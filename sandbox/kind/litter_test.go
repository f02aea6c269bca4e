package kind

import (
	"errors"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/greenbox-lab/greenbox/sandbox/cluster"
	"github.com/moby/moby/api/types/container"
	"github.com/moby/moby/api/types/volume"
	"github.com/moby/moby/client"
)

func TestWhatLacksANetworkIsABrokenCluster(t *testing.T) {
	p, other := &Provider{cfg: Config{Instance: "here"}}, &Provider{cfg: Config{Instance: "there"}}
	first := time.Date(2026, 11, 28, 19, 0, 0, 0, time.UTC)
	last := first.Add(time.Minute)
	node := func(p *Provider, name string, l cluster.Labels) container.Summary {
		return container.Summary{Labels: p.nodeLabels(name, "worker", l), Created: last.Unix()}
	}
	disk := func(p *Provider, name string, l cluster.Labels) volume.Volume {
		return volume.Volume{Labels: p.labelsOf(name, l), CreatedAt: first.Format(time.RFC3339)}
	}
	session := cluster.Labels{Session: "s", Lab: "first-pods", Created: first}
	for name, row := range map[string]struct {
		nodes   []container.Summary
		volumes []volume.Volume
		want    []cluster.Cluster
	}{
		"nothing":  {},
		"a volume": {nil, []volume.Volume{disk(p, "gone", session)}, []cluster.Cluster{{Name: "gone", Labels: session, Created: first, State: cluster.Broken}}},
		"a node and its volume, as old as the younger": {[]container.Summary{node(p, "gone", session)}, []volume.Volume{disk(p, "gone", session)}, []cluster.Cluster{{Name: "gone", Labels: session, Created: last, State: cluster.Broken}}},
		"a spare's node":             {[]container.Summary{node(p, "gone", cluster.Labels{Spare: true})}, nil, []cluster.Cluster{{Name: "gone", Labels: cluster.Labels{Spare: true}, Created: last, State: cluster.Broken}}},
		"what has a network is none": {[]container.Summary{node(p, "whole", session)}, []volume.Volume{disk(p, "whole", session)}, nil},
		"nor is another Greenbox's":  {[]container.Summary{node(other, "gone", session)}, []volume.Volume{disk(other, "gone", session)}, nil},
		"nor what is of no cluster": {[]container.Summary{node(p, "", session), {Labels: map[string]string{labelKind: "gone"}}},
			[]volume.Volume{{Labels: map[string]string{labelInstance: "here"}}}, nil},
	} {
		t.Run(name, func(t *testing.T) {
			got := p.litter(row.nodes, row.volumes, map[string]bool{"whole": true})
			for i := range got {
				got[i].Created = got[i].Created.UTC()
			}
			if diff := cmp.Diff(row.want, got); diff != "" {
				t.Error(diff)
			}
		})
	}
}

// litterIsListed takes the network from a cluster, as `docker network prune` does where
// its nodes have stopped.
func litterIsListed(t *testing.T, p *Provider, name string) {
	t.Helper()
	docker := p.cfg.Engine.Client()
	before := listed(t, p, name)
	for _, c := range containers(name) {
		if _, err := docker.ContainerKill(t.Context(), c, client.ContainerKillOptions{}); err != nil {
			t.Error(err)
		}
	}
	if _, err := docker.NetworkRemove(t.Context(), name, client.NetworkRemoveOptions{}); err != nil {
		t.Error(err)
	}
	c := listed(t, p, name)
	if c.State != cluster.Broken || c.Labels != before.Labels || c.Created.Before(before.Created.Truncate(time.Second)) {
		t.Errorf("listed as %+v, before as %+v", c, before)
	}
	if err := p.Resume(t.Context(), name); !errors.Is(err, cluster.ErrDamaged) {
		t.Errorf("resumed with %v", err)
	}
}
