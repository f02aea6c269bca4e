package sandbox

import (
	"context"
	"fmt"
	"time"

	"github.com/greenbox-lab/greenbox/labs"
)

// Warmth is how the spares of a lab stand, or those for any lab.
type Warmth struct {
	LabID  string // empty: for any lab
	Wanted int
	There  int       // ready to be taken
	Fits   bool      // there is room for those that are missing, after those before them
	Short  labs.Wait // what runs out first, where they do not fit
	Ready  time.Time // when the last will be there, if no learner starts meanwhile; zero: all are, or it is not known
	Error  string    // why none is made for a while, in one sentence; else empty
}

// Warm keeps n spares of a lab from now on with the lab's setup done, also after a
// restart; with 0 none. What a learner takes is made up for. It does not wait for
// them: Warmth tells. A lab that is not there is labs.ErrNotFound.
func (f *Fleet) Warm(ctx context.Context, labID string, n int) error {
	if n < 0 {
		return fmt.Errorf("%d spares of a lab cannot be kept: give 0 or more", n)
	}
	if n > 0 {
		if _, err := f.cfg.Labs(labID); err != nil {
			return fmt.Errorf("lab %s: %w", labID, err)
		}
	}
	if err := f.await(ctx, f.loaded); err != nil {
		return err
	}
	f.pool.setting.Lock()
	defer f.pool.setting.Unlock()
	if err := f.cfg.Spares.SetWarm(ctx, labID, n); err != nil {
		return err
	}
	f.pool.want(labID, n)
	return nil
}

// Warmth returns how all spares stand, those for any lab first. It asks the machine.
func (f *Fleet) Warmth(ctx context.Context) ([]Warmth, error) {
	if err := f.await(ctx, f.joined); err != nil {
		return nil, err
	}
	room, err := f.roomForSpares(ctx)
	if err != nil {
		return nil, err
	}
	all := []Warmth{{Wanted: f.forAny(room.Clusters)}}
	for _, id := range f.pool.warm() {
		all = append(all, Warmth{LabID: id, Wanted: f.pool.kept(id)})
	}
	took, before, known := time.Duration(0), 0, true // of what is made before
	for i := range all {
		w := &all[i]
		w.There, w.Error = f.pool.count(w.LabID), f.pool.resting(w.LabID)
		lacks := max(0, w.Wanted-w.There)
		before += lacks
		if w.Fits = before <= room.Clusters; !w.Fits {
			w.Short = room.Short
		}
		each, ok := f.pool.pace(w.LabID)
		known = known && (ok || lacks == 0)
		took += time.Duration(lacks) * (each + supplyRound)
		if lacks > 0 && w.Fits && known && w.Error == "" {
			w.Ready = time.Now().Add(took)
		}
	}
	return all, nil
}

// pace is how long a spare of that lab takes to make, as far as is known: the last
// one did, or else the last of any.
func (p *pool) pace(labID string) (took time.Duration, known bool) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if took, known = p.took[labID]; known {
		return took, true
	}
	for _, other := range p.took {
		took, known = max(took, other), true
	}
	return took, known
}

// resting is why no spare of that lab is made for a while, or nothing.
func (p *pool) resting(labID string) string {
	p.mu.Lock()
	defer p.mu.Unlock()
	if t := p.trouble[labID]; time.Now().Before(t.until) {
		return t.why
	}
	return ""
}
