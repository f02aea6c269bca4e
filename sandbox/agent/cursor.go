package agent

import "time"

// coalesce is how soon after a chunk the next may follow unless it is full: it
// collects what a program prints in small writes.
const coalesce = 2 * time.Millisecond

// cursor is one viewer's place in a scrollback. One goroutine calls next.
type cursor struct {
	back  *scrollback
	more  chan struct{} // has a token when there is something new
	live  int64         // the replay ends here
	ready bool          // the end of the replay was announced
	sent  time.Time     // when the latest chunk was taken
	input *input        // of a viewer that counts, or nil
	told  int64         // how much of the input was said to be typed

	pos int64 // guarded by back.mu: the next byte to take
}

// next blocks for the next frame: frameData with n bytes in buf, frameReady,
// frameTyped with how much in n, frameExit with the code in n, or frameTooSlow. It returns 0 once gone is closed.
func (c *cursor) next(buf []byte, gone <-chan struct{}) (kind byte, n int) {
	for {
		kind, n, pause := c.take(buf)
		if kind != 0 {
			return kind, n
		}
		var timer <-chan time.Time
		if pause > 0 {
			timer = time.After(pause)
		}
		select {
		case <-c.more:
		case <-timer:
		case <-gone:
			return 0, 0
		}
	}
}

// take is next without blocking: kind 0 means to wait, for as long as pause when
// that is not 0.
func (c *cursor) take(buf []byte) (kind byte, n int, pause time.Duration) {
	c.back.mu.Lock()
	defer c.back.mu.Unlock()
	if c.pos < c.back.oldestLocked() {
		return frameTooSlow, 0, 0
	}
	if !c.ready {
		return c.replayLocked(buf)
	}
	if c.input != nil && c.input.typed.Load() != c.told {
		c.told = c.input.typed.Load()
		return frameTyped, int(c.told), 0
	}
	waiting := c.back.head - c.pos
	if waiting == 0 {
		if c.back.ended {
			return frameExit, c.back.code, 0
		}
		return 0, 0, 0
	}
	if waiting < int64(len(buf)) && !c.back.ended {
		if pause := coalesce - time.Since(c.sent); pause > 0 {
			return 0, 0, pause
		}
	}
	return frameData, c.copyLocked(buf), 0
}

// replayLocked takes up to the place where the viewer joined, and says so there.
func (c *cursor) replayLocked(buf []byte) (kind byte, n int, pause time.Duration) {
	rest := c.live - c.pos
	if rest == 0 {
		c.ready = true
		return frameReady, 0, 0
	}
	return frameData, c.copyLocked(buf[:min(int64(len(buf)), rest)]), 0
}

func (c *cursor) copyLocked(buf []byte) int {
	n := c.back.readLocked(c.pos, buf)
	c.pos += int64(n)
	c.sent = time.Now()
	wake(c.back.room)
	return n
}

// close stops pacing the shell.
func (c *cursor) close() {
	c.back.mu.Lock()
	defer c.back.mu.Unlock()
	delete(c.back.cursors, c)
	wake(c.back.room)
}
