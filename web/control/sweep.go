package control

import (
	"context"
	"errors"
	"slices"

	"github.com/greenbox-lab/greenbox/labs"
	"github.com/greenbox-lab/greenbox/sandbox/cluster"
	"golang.org/x/sync/errgroup"
)

// orphan is a cluster or a part of one that nobody has.
type orphan struct {
	kind, name string
	remove     func(context.Context) error
}

// Sweep implements Operator.
func (d Desk) Sweep(ctx context.Context, dry bool) ([]Swept, error) {
	orphans, err := d.orphans(ctx)
	if err != nil {
		return nil, err
	}
	out := make([]Swept, len(orphans))
	sweeping, ctx := errgroup.WithContext(ctx)
	sweeping.SetLimit(atOnce)
	for i, o := range orphans {
		out[i] = Swept{Kind: o.kind, Name: o.name}
		if dry {
			continue
		}
		sweeping.Go(func() error {
			if err := o.remove(ctx); err != nil {
				out[i].Error = err.Error()
			}
			return nil
		})
	}
	return out, sweeping.Wait()
}

// orphans asks for the rows last: they are written before anything is made, so
// what was found and is in no row belongs to nobody.
func (d Desk) orphans(ctx context.Context) ([]orphan, error) {
	parts, err := d.Machine.Parts(ctx)
	if err != nil {
		return nil, err
	}
	clusters, err := d.Machine.List(ctx)
	if err != nil {
		return nil, err
	}
	has, err := d.owners(ctx)
	if err != nil {
		return nil, err
	}
	free := func(cluster string) bool { return has.of(cluster) == OfNobody && !d.Holds(cluster) }
	var out []orphan
	for _, c := range clusters {
		waits, err := d.hasWork(ctx, c.Name)
		if err != nil {
			return nil, err
		}
		if free(c.Name) && !waits {
			out = append(out, orphan{"cluster", c.Name, func(ctx context.Context) error { return d.Machine.Delete(ctx, c.Name) }})
		}
	}
	for _, p := range parts {
		whole := slices.ContainsFunc(clusters, func(c cluster.Cluster) bool { return c.Name == p.Cluster })
		if !whole && free(p.Cluster) {
			out = append(out, orphan{string(p.Kind), p.Name, func(ctx context.Context) error { return d.Machine.RemovePart(ctx, p) }})
		}
	}
	return out, nil
}

// hasWork reports whether a cluster has what the learner of an ended session made and
// the server, or the next one, has yet to save before it removes the cluster.
func (d Desk) hasWork(ctx context.Context, cluster string) (bool, error) {
	s, err := d.Store.SessionOn(ctx, cluster)
	if errors.Is(err, labs.ErrNotFound) {
		return false, nil
	}
	return err == nil && s.State == labs.Ended && !d.Saved(s.ID), err
}
