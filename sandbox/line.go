package sandbox

import (
	"slices"
	"sync"
)

// line is where starts wait for one of a few slots, first come first served.
type line struct {
	mu      sync.Mutex
	free    int       // guarded by mu
	waiting []*ticket // in order; guarded by mu
}

// ticket is one start's place in line.
type ticket struct {
	moved    chan int // the latest place, from 1; 0: it is your turn
	admitted bool     // guarded by line.mu
}

func newLine(slots int) *line { return &line{free: slots} }

// enter takes a place at the end of the line and returns it: 0 when a slot was
// free. Whoever enters also leaves.
func (l *line) enter() (*ticket, int) {
	l.mu.Lock()
	defer l.mu.Unlock()
	t := &ticket{moved: make(chan int, 1)}
	l.waiting = append(l.waiting, t)
	l.advanceLocked(len(l.waiting) - 1)
	return t, 1 + slices.Index(l.waiting, t)
}

// leave gives back the slot or the place. A second call does nothing.
func (l *line) leave(t *ticket) {
	l.mu.Lock()
	defer l.mu.Unlock()
	from := slices.Index(l.waiting, t)
	switch {
	case from >= 0:
		l.waiting = slices.Delete(l.waiting, from, from+1)
	case t.admitted:
		t.admitted = false
		l.free++
		from = 0
	default:
		return
	}
	l.advanceLocked(from)
}

// advanceLocked admits as many as there are free slots and tells the others
// their place, those before from excepted when nobody was admitted.
func (l *line) advanceLocked(from int) {
	for l.free > 0 && len(l.waiting) > 0 {
		first := l.waiting[0]
		l.waiting = l.waiting[1:]
		l.free--
		first.admitted = true
		first.tell(0)
		from = 0
	}
	for i := from; i < len(l.waiting); i++ {
		l.waiting[i].tell(i + 1)
	}
}

// tell replaces what the owner has not read yet. Only one tell runs at a time.
func (t *ticket) tell(place int) {
	select {
	case <-t.moved:
	default:
	}
	t.moved <- place
}
