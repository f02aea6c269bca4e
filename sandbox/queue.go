package sandbox

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/greenbox-lab/greenbox/labs"
	"github.com/greenbox-lab/greenbox/sandbox/cluster"
)

// Standing is how the starts stand.
type Standing struct {
	Slots    int            // starts at once
	Starting int            // starts under way
	Clusters int            // of sessions; being made and being removed counts
	Max      int            // clusters that are allowed, spares included; 0: as many as there is room for
	Room     *cluster.Room  // on the machine; nil when that is not known
	Waiting  []labs.Session // in line, with Place and Wait
	Failed   int            // starts one after the other, the last ones
	Until    time.Time      // no start is tried before, because they fail; zero: they are
}

// Standing asks the machine and blocks for that.
func (f *Fleet) Standing(ctx context.Context) Standing {
	now := f.line.standing()
	for _, s := range f.all() {
		if session := s.Session(); session.State == labs.Queued {
			now.Waiting = append(now.Waiting, session)
		}
	}
	slices.SortFunc(now.Waiting, func(a, b labs.Session) int { return cmp.Compare(a.Place, b.Place) })
	if f.cfg.Surveyor == nil {
		return now
	}
	ctx, cancel := context.WithTimeout(ctx, callTimeout)
	defer cancel()
	room, err := f.cfg.Surveyor.Room(ctx)
	if err != nil {
		f.cfg.Log.WarnContext(ctx, "count the room on the machine", "error", err)
		return now
	}
	now.Room = &room
	return now
}

func (l *line) standing() Standing {
	l.mu.Lock()
	defer l.mu.Unlock()
	return Standing{
		Slots: l.slots, Starting: l.slots - l.free, Clusters: len(l.has), Max: l.most,
		Failed: l.breaker.failed, Until: l.breaker.until,
	}
}

// SetMaxClusters allows so many clusters from now until Run ends; 0: as many as
// there is room for. Those that are there stay.
func (f *Fleet) SetMaxClusters(most int) { f.line.limit(most) }

const emptied = "The queue was emptied by whoever runs this server before it was your turn: start the lab again later."

// ClearQueue ends the sessions in line, but for those that have a cluster already,
// and returns how many that were.
func (f *Fleet) ClearQueue(ctx context.Context) (ended int, err error) {
	if err := f.await(ctx, f.loaded); err != nil {
		return 0, err
	}
	for _, s := range f.all() {
		if f.line.holds(s.id) {
			continue
		}
		serr := f.change(ctx, s, func(now labs.Session) labs.Session {
			if now.State != labs.Queued {
				return now
			}
			ended++
			return broken(emptied)(now)
		})
		if serr != nil && !errors.Is(serr, labs.ErrEnded) {
			err = errors.Join(err, fmt.Errorf("session %s: %w", s.id, serr))
		}
	}
	return ended, err
}
