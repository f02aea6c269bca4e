package sandbox

import (
	"context"
	"time"
)

// lookAgain is how soon is looked again at what starts wait for.
const lookAgain = 3 * time.Second

// usher counts the room on the machine for the starts that wait for it, and looks
// after those that wait for time to pass, until ctx ends.
func (f *Fleet) usher(ctx context.Context) {
	for {
		waiting, lacking, missed := f.line.look()
		if lacking {
			f.survey(ctx, missed)
		}
		var again <-chan time.Time
		if waiting {
			again = time.After(lookAgain)
		}
		select {
		case <-f.line.stirred:
		case <-again:
		case <-ctx.Done():
			return
		}
	}
}

// survey admits whom there is room for. A machine that cannot be asked now could
// not make a cluster either.
func (f *Fleet) survey(ctx context.Context, missed int) {
	ctx, cancel := context.WithTimeout(ctx, listTimeout)
	defer cancel()
	room, err := f.cfg.Surveyor.Room(ctx)
	if err != nil {
		f.cfg.Log.WarnContext(ctx, "count the room on the machine", "error", err)
		return
	}
	room.Clusters -= missed
	f.line.admit(room)
}
