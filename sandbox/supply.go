package sandbox

import (
	"context"
	"errors"
	"fmt"
	"math"
	"time"

	"github.com/greenbox-lab/greenbox/labs"
	"github.com/greenbox-lab/greenbox/sandbox/cluster"
	"github.com/greenbox-lab/greenbox/sandbox/restore"
)

const (
	supplyRound  = 2 * time.Second // how long the supply waits for the next look
	supplyTries  = 3               // then it rests
	supplyRest   = time.Hour       // or until a learner's cluster could be made
	poolShare    = 4               // spares for any lab get this part of the room on the machine
	mostForAny   = 4
	unknownRooms = math.MaxInt32 // where nobody counts
)

// trouble is what became of the last tries to make a spare.
type trouble struct {
	failed int // one after the other
	until  time.Time
	why    string // one sentence
}

// supply makes the spares that are missing, one at a time and only while no
// learner's start is under way or in line, until ctx ends.
func (f *Fleet) supply(ctx context.Context) {
	select {
	case <-f.joined:
	case <-ctx.Done():
	}
	for sleep(ctx, supplyRound) {
		f.retire(ctx)
		if f.anyoneStarts() {
			continue
		}
		room, err := f.roomForSpares(ctx)
		if err != nil {
			f.cfg.Log.WarnContext(ctx, "count the room for spares", "error", err)
			continue
		}
		if lab, ok := f.nextSpare(room.Clusters); ok {
			f.makeSpare(ctx, lab)
		}
	}
}

func (f *Fleet) anyoneStarts() bool {
	for _, s := range f.all() {
		if now := s.Session(); now.State == labs.Queued || now.State == labs.Preparing {
			return true
		}
	}
	return false
}

// roomForSpares is the room on the machine, or what the limit on clusters leaves of it.
func (f *Fleet) roomForSpares(ctx context.Context) (cluster.Room, error) {
	ctx, cancel := context.WithTimeout(ctx, listTimeout)
	defer cancel()
	room, err := cluster.Room{Clusters: unknownRooms}, error(nil)
	if f.cfg.Surveyor != nil {
		room, err = f.cfg.Surveyor.Room(ctx)
	}
	if left := max(0, f.line.left()-f.pool.size()); left < room.Clusters {
		room = cluster.Room{Clusters: left, Short: labs.WaitLimit}
	}
	return room, err
}

// forAny is how many spares there should be for any lab. By itself it is a part of
// the room, the spares' own included, so that a small machine has none and a large
// one keeps its memory for learners.
func (f *Fleet) forAny(room int) int {
	switch {
	case f.cfg.Pool >= 0:
		return f.cfg.Pool
	case f.cfg.Surveyor == nil:
		return 0
	}
	return min(mostForAny, (room+f.pool.count(anyLab))/poolShare)
}

// nextSpare is the lab of the spare to make next, if there is one to make and room
// for it.
func (f *Fleet) nextSpare(room int) (lab string, ok bool) {
	if room < 1 {
		return "", false
	}
	for _, id := range f.missing(room) {
		if f.pool.mayTry(id) {
			return id, true
		}
	}
	return "", false
}

// missing lists the labs of the spares that are missing, in the order in which they
// are made: those for any lab come first.
func (f *Fleet) missing(room int) []string {
	var list []string
	lacks := func(id string, want int) {
		for range want - f.pool.count(id) {
			list = append(list, id)
		}
	}
	lacks(anyLab, f.forAny(room))
	for _, id := range f.pool.warm() {
		lacks(id, f.pool.kept(id))
	}
	return list
}

// makeSpare makes one spare. Its row is saved before the machine is touched, and
// says that it is whole when it is paused.
func (f *Fleet) makeSpare(ctx context.Context, labID string) {
	ctx, cancel := context.WithTimeout(ctx, f.cfg.StartTimeout)
	defer cancel()
	begun := time.Now()
	spare := labs.Spare{Cluster: clusterName(newID()), LabID: labID, CreatedAt: begun.UTC().Truncate(time.Microsecond)}
	f.pool.put(spare, making)
	err := f.furnish(ctx, &spare)
	if err == nil {
		took := time.Since(begun)
		f.pool.made(spare, took)
		f.line.offer()
		f.cfg.Log.InfoContext(ctx, "spare cluster ready", "cluster", spare.Cluster, "lab", labID, "took", took.Round(time.Millisecond))
		return
	}
	f.scrap(ctx, spare)
	if !errors.Is(ctx.Err(), context.Canceled) {
		f.troubled(ctx, labID, err)
	}
}

// furnish makes a spare what it is to be. The error is one sentence.
func (f *Fleet) furnish(ctx context.Context, s *labs.Spare) error {
	var lab labs.Lab
	if s.LabID != anyLab {
		var err error
		if lab, err = f.cfg.Labs(s.LabID); err != nil {
			return fmt.Errorf("lab %s: %w", s.LabID, err)
		}
		s.LabHash = setupHash(lab)
	}
	if err := f.cfg.Spares.SaveSpare(ctx, *s); err != nil {
		return err
	}
	labels := cluster.Labels{Lab: s.LabID, Created: s.CreatedAt, Spare: true}
	if err := f.cfg.Provider.Create(ctx, s.Cluster, labels, func(labs.Stage) {}); err != nil {
		return err
	}
	node := bare{f.cfg.Access, s.Cluster}
	if err := restore.Remember(ctx, node); err != nil {
		return err
	}
	if s.LabID != anyLab {
		if err := f.beginLab(ctx, node, lab, spareID(*s)); err != nil {
			return err
		}
	}
	if err := f.cfg.Pauser.Pause(ctx, s.Cluster); err != nil {
		return err
	}
	s.Whole = true
	return f.cfg.Spares.SaveSpare(ctx, *s)
}

// scrap removes what there is of a spare that did not become whole. Where that fails,
// the next rounds do it.
func (f *Fleet) scrap(ctx context.Context, s labs.Spare) {
	s.Whole = false
	if err := f.delete(ctx, s.Cluster); err != nil {
		f.cfg.Log.ErrorContext(ctx, "remove a half-made spare", "cluster", s.Cluster, "error", err)
		f.pool.put(s, found)
		return
	}
	f.dropRow(ctx, s.Cluster)
	f.pool.drop(s.Cluster)
}

func (f *Fleet) dropRow(ctx context.Context, name string) {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), saveTimeout)
	defer cancel()
	if err := f.cfg.Spares.DropSpare(ctx, name); err != nil {
		f.cfg.Log.ErrorContext(ctx, "drop a spare", "cluster", name, "error", err)
	}
}

func (f *Fleet) troubled(ctx context.Context, labID string, err error) {
	f.cfg.Observe.Failed(FromPool)
	if f.pool.failed(labID, err) {
		f.cfg.Log.ErrorContext(ctx, "spare clusters cannot be made, so none is tried for a while: run `greenbox doctor`",
			"tries", supplyTries, "lab", labID, "pause", supplyRest, "error", err)
		return
	}
	f.cfg.Log.WarnContext(ctx, "make a spare cluster", "lab", labID, "error", err)
}

// failed counts a failure, and reports whether no spare of that lab is tried for a
// while from now on.
func (p *pool) failed(labID string, err error) (rests bool) {
	p.mu.Lock()
	defer p.mu.Unlock()
	t := p.trouble[labID]
	t.failed, t.why = t.failed+1, sentence(err)
	if t.failed >= supplyTries {
		t.until = time.Now().Add(supplyRest)
	}
	p.trouble[labID] = t
	return t.failed >= supplyTries
}

func (p *pool) mayTry(labID string) bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	return !time.Now().Before(p.trouble[labID].until)
}

// forgive has the supply go on: a cluster could be made.
func (p *pool) forgive() {
	p.mu.Lock()
	defer p.mu.Unlock()
	clear(p.trouble)
}

// made stocks a new spare.
func (p *pool) made(s labs.Spare, took time.Duration) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.spares[s.Cluster] = &spare{s, stocked}
	p.took[s.LabID] = took
	delete(p.trouble, s.LabID)
}

// bare is a restore.Node on a cluster that has no Sandbox.
type bare struct {
	access cluster.Access
	name   string
}

func (b bare) Run(ctx context.Context, node, script string) (exitCode int, output string, err error) {
	r, err := cluster.RunScript(ctx, b.access, b.name, node, script)
	return r.ExitCode, string(r.Output), err
}
