// Package feed tells the pages that are open now what has just been recorded.
// It holds nothing: whoever subscribes takes a snapshot of the database after
// subscribing, then follows the stream, and so misses nothing. A subscriber
// that falls behind is dropped, to subscribe and take a snapshot anew, so that
// no slow page ever holds up whoever publishes.
//
// It knows neither the database nor HTTP, and nothing of it outlives the process.
package feed

import (
	"sync"

	"github.com/greenbox-lab/greenbox/labs"
)

// queue is how many events a subscriber may be behind.
const queue = 64

// Feed joins those who publish with those who are subscribed. Use New.
type Feed struct {
	mu   sync.Mutex
	subs map[string]map[*Subscription]bool // by session; guarded by mu
}

// New returns a feed without subscribers.
func New() *Feed { return &Feed{subs: map[string]map[*Subscription]bool{}} }

// Publish hands the event to everyone subscribed to its session. It never blocks.
func (f *Feed) Publish(e labs.Event) {
	f.mu.Lock()
	defer f.mu.Unlock()
	for s := range f.subs[e.Session()] {
		select {
		case s.events <- e:
		default:
			f.dropLocked(s)
		}
	}
}

// Subscription is one subscriber's queue. C is closed by Close, and when the
// subscriber fell behind; what was queued before can still be read.
type Subscription struct {
	C       <-chan labs.Event
	events  chan labs.Event
	session string
	feed    *Feed
}

// Subscribe returns a subscription to the events of one session from now on.
// The caller closes it.
func (f *Feed) Subscribe(session string) *Subscription {
	events := make(chan labs.Event, queue)
	s := &Subscription{C: events, events: events, session: session, feed: f}
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.subs[session] == nil {
		f.subs[session] = map[*Subscription]bool{}
	}
	f.subs[session][s] = true
	return s
}

// Close ends the subscription. It may be called more than once.
func (s *Subscription) Close() {
	s.feed.mu.Lock()
	defer s.feed.mu.Unlock()
	s.feed.dropLocked(s)
}

func (f *Feed) dropLocked(s *Subscription) {
	if !f.subs[s.session][s] {
		return
	}
	delete(f.subs[s.session], s)
	if len(f.subs[s.session]) == 0 {
		delete(f.subs, s.session)
	}
	close(s.events)
}
