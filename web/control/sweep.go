package control

import (
	"context"
	"errors"

	"github.com/greenbox-lab/greenbox/labs"
	"golang.org/x/sync/errgroup"
)

// Sweep implements Operator.
func (d Desk) Sweep(ctx context.Context, dry bool) ([]Swept, error) {
	orphans, err := d.orphans(ctx)
	if err != nil {
		return nil, err
	}
	out := make([]Swept, len(orphans))
	sweeping, ctx := errgroup.WithContext(ctx)
	sweeping.SetLimit(atOnce)
	for i, name := range orphans {
		out[i] = Swept{Name: name}
		if dry {
			continue
		}
		sweeping.Go(func() error {
			if err := d.Machine.Delete(ctx, name); err != nil {
				out[i].Error = err.Error()
			}
			return nil
		})
	}
	return out, sweeping.Wait()
}

// orphans asks for the rows last: they are written before anything is made, so
// what was found and is in no row belongs to nobody.
func (d Desk) orphans(ctx context.Context) ([]string, error) {
	clusters, err := d.Machine.List(ctx)
	if err != nil {
		return nil, err
	}
	has, err := d.owners(ctx)
	if err != nil {
		return nil, err
	}
	var out []string
	for _, c := range clusters {
		waits, err := d.hasWork(ctx, c.Name)
		if err != nil {
			return nil, err
		}
		if has.of(c.Name) == OfNobody && !d.Holds(c.Name) && !waits {
			out = append(out, c.Name)
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
	return err == nil && s.State == labs.Ended && !s.ReadyAt.IsZero() && !d.Saved(s.ID), err
}
