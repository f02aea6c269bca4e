package sandbox

import (
	"slices"
	"sync"
	"time"

	"github.com/greenbox-lab/greenbox/labs"
	"github.com/greenbox-lab/greenbox/sandbox/cluster"
)

// line is where starts wait, first come first served: for one of a few slots, and
// those that bring one cluster more for room on the machine too. Fleet.usher counts
// that, whenever someone lacks nothing else; it is good for those who wait then. A
// spare is set aside for the first who waits and can have it, who then needs no room.
type line struct {
	stirred chan struct{} // has room for one word that someone waits
	counted bool          // room is; else there always is some
	slots   int
	spares  func() int // counts them, but for those that are being taken

	mu      sync.Mutex
	free    int             // of the slots; guarded by mu, like all below
	most    int             // clusters, spares included; 0: no limit
	room    int             // for clusters more, while those who wait are looked at
	short   labs.Wait       // what ended when there was no room
	has     map[string]bool // the sessions that have a cluster, or whose start was admitted
	waiting []*ticket       // in order
	unseen  []*ticket       // admitted, and the machine may not show their cluster yet
	breaker breaker
}

// ticket is one start's place in line.
type ticket struct {
	session  string
	pick     func() (labs.Spare, bool) // takes a spare that fits
	moved    chan position             // the latest
	told     position                  // guarded by line.mu
	admitted bool                      // guarded by line.mu
	spare    *labs.Spare               // set aside, and not collected yet; or nil; guarded by line.mu
}

// position is where a start stands in line and why.
type position struct {
	place int // from 1; 0: it is your turn
	wait  labs.Wait
}

func newLine(slots, most int, counted bool, spares func() int) *line {
	return &line{
		stirred: make(chan struct{}, 1), counted: counted, slots: slots, spares: spares, free: slots, most: most,
		short: labs.WaitTurn, has: map[string]bool{},
	}
}

// enter takes a place at the end of the line and returns it; pick takes a spare for
// the session, if there is one. Whoever enters also leaves.
func (l *line) enter(session string, pick func() (labs.Spare, bool)) (*ticket, position) {
	l.mu.Lock()
	defer l.mu.Unlock()
	t := &ticket{session: session, pick: pick, moved: make(chan position, 1), told: position{place: -1}}
	l.waiting = append(l.waiting, t)
	l.moveLocked()
	return t, t.told
}

// leave gives back the slot or the place. A second call does nothing.
func (l *line) leave(t *ticket) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if t.admitted {
		t.admitted = false
		l.free++
		l.seeLocked(t)
		l.breaker.leave(t)
	}
	l.waiting = without(l.waiting, t)
	l.moveLocked()
}

// hold says that a session has a cluster, holds asks for it, and release says that
// it has none any more.
func (l *line) hold(session string) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.has[session] = true
}

// tryHold is hold for a session that takes a spare, unless sessions have as many
// clusters as are allowed.
func (l *line) tryHold(session string) bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.fullLocked(0) {
		return false
	}
	l.has[session] = true
	return true
}

// offer says that there may be a spare more than before.
func (l *line) offer() {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.moveLocked()
}

// collect hands out the spare that was set aside for a start, if there is one.
func (l *line) collect(t *ticket) *labs.Spare {
	l.mu.Lock()
	defer l.mu.Unlock()
	spare := t.spare
	t.spare = nil
	return spare
}

func (l *line) holds(session string) bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.has[session]
}

func (l *line) release(session string) {
	l.mu.Lock()
	defer l.mu.Unlock()
	delete(l.has, session)
	l.moveLocked()
}

// limit allows so many clusters from now on.
func (l *line) limit(most int) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.most = most
	l.moveLocked()
}

// see says that whoever counts the room finds the start's cluster.
func (l *line) see(t *ticket) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.seeLocked(t)
}

func (l *line) seeLocked(t *ticket) { l.unseen = without(l.unseen, t) }

// judge tells the breaker what a start came to. It returns for how long no start
// is tried, if that begins now.
func (l *line) judge(t *ticket, worked bool) (pause time.Duration) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if worked {
		l.breaker = breaker{}
		return 0
	}
	return l.breaker.fail(t, time.Now())
}

// look admits whom time has brought their turn. It reports whether anyone still
// waits, whether they lack but room, and how many clusters a count that begins now
// may miss.
func (l *line) look() (waiting, lacking bool, missed int) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.advanceLocked()
	return len(l.waiting) > 0, l.lacksLocked(), len(l.unseen)
}

func (l *line) lacksLocked() bool {
	more := func(t *ticket) bool { return !l.has[t.session] }
	return l.counted && l.free > 0 && l.breaker.lets(time.Now()) && !l.fullLocked(l.spares()) && slices.ContainsFunc(l.waiting, more)
}

// fullLocked reports whether the sessions' clusters and so many spares are as many as
// are allowed.
func (l *line) fullLocked(spares int) bool { return l.most > 0 && len(l.has)+spares >= l.most }

// left is how many spares are allowed: sessions have the other clusters, or wait for
// them.
func (l *line) left() int {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.most == 0 {
		return unknownRooms
	}
	n := l.most - len(l.has)
	for _, t := range l.waiting {
		if !l.has[t.session] {
			n--
		}
	}
	return max(0, n)
}

// admit lets those in for whom there is room.
func (l *line) admit(room cluster.Room) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.room, l.short = room.Clusters, room.Short
	l.advanceLocked()
	if l.room > 0 {
		l.short = labs.WaitTurn
	}
	l.room = 0
}

// advanceLocked admits whom nothing keeps, and tells the others where they stand.
func (l *line) advanceLocked() {
	var still []*ticket
	for _, t := range l.waiting {
		l.setAsideLocked(t)
		wait := l.whyLocked(t)
		if wait == "" {
			l.admitLocked(t)
			continue
		}
		still = append(still, t)
		t.tell(position{len(still), wait})
	}
	l.waiting = still
}

// setAsideLocked sets a spare aside for a start, if there is one that fits.
func (l *line) setAsideLocked(t *ticket) {
	if t.spare != nil || !l.has[t.session] && l.fullLocked(0) {
		return
	}
	if spare, ok := t.pick(); ok {
		t.spare, l.has[t.session] = &spare, true
	}
}

// moveLocked is advanceLocked after a change; who still waits may do so only for
// room that has yet to be counted, or for time to pass.
func (l *line) moveLocked() {
	l.advanceLocked()
	if len(l.waiting) > 0 {
		select {
		case l.stirred <- struct{}{}:
		default:
		}
	}
}

// whyLocked is what keeps a start from being admitted, or nothing. It is the same
// for all that bring one cluster more, so that none of them overtakes another.
func (l *line) whyLocked(t *ticket) labs.Wait {
	switch {
	case !l.breaker.lets(time.Now()):
		return labs.WaitBreaker
	case l.free == 0:
		return labs.WaitTurn
	case l.has[t.session]:
		return ""
	case l.fullLocked(l.spares()):
		return labs.WaitLimit
	case l.counted && l.room <= 0:
		return l.short
	}
	return ""
}

func (l *line) admitLocked(t *ticket) {
	if !l.has[t.session] {
		l.has[t.session] = true
		l.room--
		l.unseen = append(l.unseen, t)
	}
	l.free--
	t.admitted = true
	l.breaker.try(t)
	t.tell(position{})
}

// tell replaces what the owner has not read yet. Only one tell runs at a time.
func (t *ticket) tell(at position) {
	if at == t.told {
		return
	}
	t.told = at
	select {
	case <-t.moved:
	default:
	}
	t.moved <- at
}

func without(list []*ticket, t *ticket) []*ticket {
	return slices.DeleteFunc(list, func(other *ticket) bool { return other == t })
}
