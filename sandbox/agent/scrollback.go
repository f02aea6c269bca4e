package agent

import (
	"bytes"
	"sync"
)

const (
	ringSize   = 1 << 20   // what a shell's output may run ahead of a viewer
	replaySize = 256 << 10 // what a new viewer is shown of it
	aheadMax   = 64 << 10  // what the PTY is read ahead of the fastest viewer
)

// scrollback is the tail of a shell's output in a ring. Bytes have absolute
// sequence numbers, from 0; those in [oldest, head) are held. The ring's memory
// is touched, and so becomes resident, only as output arrives.
type scrollback struct {
	ring []byte
	room chan struct{} // has a token when the writer may look again

	mu      sync.Mutex
	head    int64                // guarded by mu
	cursors map[*cursor]struct{} // guarded by mu
	free    bool                 // guarded by mu: nobody paces the writer any more
	ended   bool                 // guarded by mu: nothing follows
	code    int                  // guarded by mu: once ended
}

func newScrollback() *scrollback {
	return &scrollback{
		ring:    make([]byte, ringSize),
		room:    make(chan struct{}, 1),
		cursors: map[*cursor]struct{}{},
	}
}

func (s *scrollback) oldestLocked() int64 { return max(0, s.head-int64(len(s.ring))) }

// write appends output, over the oldest where the ring is full.
func (s *scrollback) write(output []byte) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for len(output) > 0 {
		n := copy(s.ring[s.head%int64(len(s.ring)):], output)
		s.head += int64(n)
		output = output[n:]
	}
	s.wakeLocked()
}

// readLocked copies what is held from pos on and returns how much that was.
func (s *scrollback) readLocked(pos int64, buf []byte) int {
	buf = buf[:min(int64(len(buf)), s.head-pos)]
	at := pos % int64(len(s.ring))
	n := copy(buf, s.ring[at:])
	return n + copy(buf[n:], s.ring)
}

// release lets the writer run free: the shell has ended and what it left in the
// PTY is less than the ring holds.
func (s *scrollback) release() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.free = true
	wake(s.room)
}

// end marks the output complete.
func (s *scrollback) end(code int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.ended, s.code = true, code
	s.wakeLocked()
}

func (s *scrollback) wakeLocked() {
	for c := range s.cursors {
		wake(c.more)
	}
}

// waitForRoom blocks the writer until the fastest viewer has caught up, or while
// there is none not at all.
func (s *scrollback) waitForRoom() {
	for !s.hasRoom() {
		<-s.room
	}
}

func (s *scrollback) hasRoom() bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.free {
		return true
	}
	fastest := int64(-1)
	for c := range s.cursors {
		fastest = max(fastest, c.pos)
	}
	return fastest < s.oldestLocked() || s.head-fastest < aheadMax
}

// attach returns a cursor at from, or at the start of the replay where that is not
// held; the caller closes it.
func (s *scrollback) attach(from int64) *cursor {
	s.mu.Lock()
	defer s.mu.Unlock()
	if from < s.oldestLocked() || from > s.head {
		from = s.replayStartLocked()
	}
	c := &cursor{back: s, pos: from, live: s.head, more: make(chan struct{}, 1)}
	s.cursors[c] = struct{}{}
	return c
}

// replayStartLocked is where output is known to begin: at its very start or
// behind a newline, else at the start of a rune.
func (s *scrollback) replayStartLocked() int64 {
	start := max(s.oldestLocked(), s.head-replaySize)
	if start == 0 {
		return 0
	}
	held := make([]byte, s.head-start)
	s.readLocked(start, held)
	if i := bytes.IndexByte(held, '\n'); i >= 0 {
		return start + int64(i) + 1
	}
	for start < s.head && s.ring[start%int64(len(s.ring))]&0xC0 == 0x80 {
		start++
	}
	return start
}

// wake leaves a token for whoever waits on ch, now or next.
func wake(ch chan struct{}) {
	select {
	case ch <- struct{}{}:
	default:
	}
}
