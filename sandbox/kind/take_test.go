package kind

import (
	"slices"
	"testing"
	"time"

	"github.com/greenbox-lab/greenbox/sandbox/cluster"
)

// spareIsTaken takes a spare while it is paused, which must leave it so.
func spareIsTaken(t *testing.T, p *Provider, name string) {
	t.Helper()
	if c := listed(t, p, name); !c.Labels.Spare || c.Labels.Session != name {
		t.Errorf("no spare of its session: %+v", c)
	}
	if volumes, err := p.volumesWith(t.Context(), labelCluster+"="+name); err != nil || len(volumes) != 2 || volumes[0].Labels[labelSession] != name {
		t.Errorf("the nodes' volumes: %+v, %v", volumes, err)
	}
	if err := p.Pause(t.Context(), name); err != nil {
		t.Error(err)
	}
	began := time.Now()
	if err := p.Take(t.Context(), name); err != nil {
		t.Error(err)
	}
	t.Logf("taken in %s", time.Since(began).Round(time.Millisecond))
	if c := listed(t, p, name); c.Labels.Spare || c.State != cluster.Paused {
		t.Errorf("still a spare, or no longer paused: %+v", c)
	}
	if err := p.Resume(t.Context(), name); err != nil {
		t.Error(err)
	}
	if c := listed(t, p, name); c.Labels.Spare || c.State != cluster.Running {
		t.Errorf("a spare again, or not resumed: %+v", c)
	}
}

func listed(t *testing.T, p *Provider, name string) cluster.Cluster {
	t.Helper()
	all, err := p.List(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	i := slices.IndexFunc(all, func(c cluster.Cluster) bool { return c.Name == name })
	if i < 0 {
		t.Fatalf("%s is not among %+v", name, all)
	}
	return all[i]
}
