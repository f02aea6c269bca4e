package kind

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/containerd/errdefs"
	"github.com/greenbox-lab/greenbox/sandbox/cluster"
	"github.com/moby/moby/api/types/container"
	"github.com/moby/moby/client"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/client-go/kubernetes"
)

const (
	reviveTimeout = 2 * time.Minute // from the start of a node
	wakeTimeout   = 5 * time.Second // where none was started: an API server that is silent then may be the learner's work
	lookEvery     = 2 * time.Second // while the API server does not answer
	bootTries     = 3               // of a node that ends by itself
)

// revival is one Resume of a cluster.
type revival struct {
	*Provider
	name   string
	boots  map[string]int // of each container, begun here
	up     time.Time      // when the nodes should have booted, whoever started them
	looked time.Time      // for damage
}

// Resume lets a cluster run again, one whose nodes were stopped too; see
// cluster.Pauser. What new addresses change, kind's entrypoint and the agent put
// right on the nodes.
func (p *Provider) Resume(ctx context.Context, name string) error {
	r := &revival{p, name, map[string]int{}, time.Now().Add(wakeTimeout), time.Now()}
	if err := r.wake(ctx); err != nil {
		return err
	}
	kube, err := p.kubernetes(ctx, name)
	if err != nil {
		return err
	}
	var damage error
	err = poll(ctx, reviveTimeout, func(ctx context.Context) error {
		silent := answers(ctx, kube)
		if silent == nil {
			silent = r.emptied(ctx, kube)
		} else if found := r.look(ctx); found != nil {
			silent = found
		}
		if errors.Is(silent, cluster.ErrDamaged) {
			damage = silent
		}
		if damage != nil || len(r.boots) == 0 && time.Now().After(r.up) {
			return nil //nolint:nilerr // damage is returned below, and silence may be the learner's work
		}
		return silent
	})
	if err != nil {
		return err
	}
	return damage
}

// wake lets every node run.
func (r *revival) wake(ctx context.Context) error {
	for _, c := range containers(r.name) {
		err := r.wakeNode(ctx, c)
		if errdefs.IsNotFound(err) {
			return fmt.Errorf("%w: %s is gone: %w", cluster.ErrDamaged, c, err)
		}
		if err != nil {
			return fmt.Errorf("resume %s: %w", c, err)
		}
	}
	return nil
}

func (r *revival) wakeNode(ctx context.Context, c string) error {
	got, err := r.cfg.Engine.Client().ContainerInspect(ctx, c, client.ContainerInspectOptions{})
	if err != nil {
		return err
	}
	if at, err := time.Parse(time.RFC3339Nano, got.Container.State.StartedAt); err == nil && at.Add(reviveTimeout).After(r.up) {
		r.up = at.Add(reviveTimeout)
	}
	switch got.Container.State.Status {
	case container.StatePaused:
		_, err = r.cfg.Engine.Client().ContainerUnpause(ctx, c, client.ContainerUnpauseOptions{})
	case container.StateExited, container.StateCreated:
		if r.boots[c] == bootTries {
			return fmt.Errorf("%w: %s ends each time it is started", cluster.ErrDamaged, c)
		}
		r.boots[c]++
		_, err = r.cfg.Engine.Client().ContainerStart(ctx, c, client.ContainerStartOptions{})
	default: // running, or the engine is at it
	}
	return err
}

// look says, now and then, why a cluster that does not answer never will.
func (r *revival) look(ctx context.Context) error {
	if time.Since(r.looked) < lookEvery {
		return nil
	}
	r.looked = time.Now()
	if err := r.wake(ctx); errors.Is(err, cluster.ErrDamaged) {
		return err
	}
	said, err := r.lastWords(ctx, r.name)
	if err != nil {
		return nil //nolint:nilerr // the node is still booting
	}
	if line := cmp.Or(corruption(said), shortfall(said)); line != "" {
		return fmt.Errorf("%w: etcd says: %s", cluster.ErrDamaged, line)
	}
	return nil
}

// emptied says whether the cluster began anew when its nodes were started again,
// whoever did that: then etcd found nothing, where there was a cluster before.
func (r *revival) emptied(ctx context.Context, kube kubernetes.Interface) error {
	got, err := r.cfg.Engine.Client().ContainerInspect(ctx, containers(r.name)[0], client.ContainerInspectOptions{})
	if err != nil {
		return err
	}
	ended, err := time.Parse(time.RFC3339Nano, got.Container.State.FinishedAt)
	if err != nil || ended.IsZero() { // it runs for the first time
		return err
	}
	at, err := time.Parse(time.RFC3339Nano, got.Container.State.StartedAt)
	if err != nil {
		return err
	}
	ctx, cancel := context.WithTimeout(ctx, answerTimeout)
	defer cancel()
	system, err := kube.CoreV1().Namespaces().Get(ctx, metav1.NamespaceSystem, metav1.GetOptions{})
	if err != nil || system.CreationTimestamp.Time.Before(at.Truncate(time.Second)) {
		return err // an API server makes it in its first seconds
	}
	return fmt.Errorf("%w: it is empty", cluster.ErrDamaged)
}
