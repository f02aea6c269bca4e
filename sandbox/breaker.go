package sandbox

import "time"

// How many starts must fail one after the other for new ones to wait, and for how
// long: twice as long each time that the start that tries it fails too.
const (
	breakAfter = 3
	firstPause = time.Minute
	mostPause  = 15 * time.Minute
)

// breaker keeps starts from being tried while they fail one after the other. Its
// zero value lets them. The line guards it.
type breaker struct {
	failed int           // one after the other
	pause  time.Duration // 0: it lets every start
	until  time.Time     // then it lets one
	trial  *ticket       // that one
}

func (b *breaker) lets(now time.Time) bool {
	return b.pause == 0 || b.trial == nil && !now.Before(b.until)
}

// try is told of each start that is let.
func (b *breaker) try(t *ticket) {
	if b.pause > 0 {
		b.trial = t
	}
}

// fail is told of a failed start. It returns the pause, if one begins with it.
func (b *breaker) fail(t *ticket, now time.Time) time.Duration {
	b.failed++
	switch {
	case b.pause == 0 && b.failed >= breakAfter:
		b.pause = firstPause
	case b.pause > 0 && t == b.trial:
		b.pause = min(2*b.pause, mostPause)
	default:
		return 0
	}
	b.until = now.Add(b.pause)
	return b.pause
}

// leave is told of each start that ends, such as a trial that came to nothing.
func (b *breaker) leave(t *ticket) {
	if b.trial == t {
		b.trial = nil
	}
}
