package sandbox

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/greenbox-lab/greenbox/labs"
	"github.com/greenbox-lab/greenbox/sandbox/cluster"
)

// loadPool reads what the last run left.
func (f *Fleet) loadPool(ctx context.Context) error {
	rows, err := f.cfg.Spares.Spares(ctx)
	if err != nil {
		return err
	}
	wanted, err := f.cfg.Spares.Warm(ctx)
	if err != nil {
		return err
	}
	for _, row := range rows {
		f.pool.put(row, found)
	}
	for lab, n := range wanted {
		f.pool.want(lab, n)
	}
	return nil
}

// tend joins spares, as they were before the clusters were listed, with the machine:
// whole ones that are paused can be taken, others are dropped, which makes orphans of
// their clusters.
func (f *Fleet) tend(ctx context.Context, spares []labs.Spare, clusters []cluster.Cluster) {
	byName := map[string]cluster.Cluster{}
	for _, c := range clusters {
		byName[c.Name] = c
	}
	for _, s := range spares {
		c := byName[s.Cluster]
		if s.Whole && c.Labels.Spare && c.State == cluster.Paused {
			f.pool.stock(s.Cluster)
			continue
		}
		if !f.pool.seize(s.Cluster) {
			continue
		}
		if err := f.mendSpare(ctx, s, c); err != nil {
			f.cfg.Log.WarnContext(ctx, "drop a spare", "cluster", s.Cluster, "reason", err)
			f.dropRow(ctx, s.Cluster)
			f.pool.drop(s.Cluster)
			continue
		}
		f.pool.put(s, stocked)
	}
	f.line.offer()
}

// mendSpare pauses a spare that runs, or says why it cannot be given to a learner.
func (f *Fleet) mendSpare(ctx context.Context, s labs.Spare, c cluster.Cluster) error {
	switch {
	case !s.Whole:
		return errors.New("it was never finished")
	case c.Name == "":
		return errors.New("its cluster is gone")
	case !c.Labels.Spare:
		return errors.New("somebody has used it")
	case c.State == cluster.Running:
		ctx, cancel := context.WithTimeout(ctx, pauseTimeout)
		defer cancel()
		return f.cfg.Pauser.Pause(ctx, s.Cluster)
	}
	return fmt.Errorf("its cluster is %s", c.State)
}

// retract drops a spare unless somebody is taking it. Its cluster is then an orphan.
func (f *Fleet) retract(ctx context.Context, name string) {
	if f.pool.seize(name) {
		f.dropRow(ctx, name)
		f.pool.drop(name)
	}
}

// retire drops spares of which there are more than wanted or allowed, and those of
// labs whose setup is another one now.
func (f *Fleet) retire(ctx context.Context) {
	left, have := f.line.left(), map[string]int{}
	spares := f.pool.idle()
	slices.SortStableFunc(spares, func(a, b labs.Spare) int { return strings.Compare(b.LabID, a.LabID) }) // those for any lab last
	for _, s := range spares {
		if f.outdated(s) || have[s.LabID] >= f.keeps(s.LabID) || left == 0 {
			f.cfg.Log.InfoContext(ctx, "spare not needed any more", "cluster", s.Cluster, "lab", s.LabID)
			f.retract(ctx, s.Cluster)
			continue
		}
		have[s.LabID]++
		left--
	}
}

// keeps is how many spares of a lab are kept once they are there: without a fixed
// size, those for any lab are only made to measure.
func (f *Fleet) keeps(labID string) int {
	if labID != anyLab {
		return f.pool.kept(labID)
	}
	if f.cfg.Pool < 0 {
		return mostForAny
	}
	return f.cfg.Pool
}

func (f *Fleet) outdated(s labs.Spare) bool {
	if s.LabID == anyLab {
		return false
	}
	lab, err := f.cfg.Labs(s.LabID)
	return errors.Is(err, labs.ErrNotFound) || err == nil && setupHash(lab) != s.LabHash
}
