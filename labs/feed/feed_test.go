package feed

import (
	"sync"
	"testing"

	"github.com/greenbox-lab/greenbox/labs"
)

func changed(session string, place int) labs.Event {
	return labs.SessionChanged{Now: labs.Session{ID: session, Place: place}}
}

func TestSubscribersSeeTheirSessionInOrder(t *testing.T) {
	f := New()
	one, two, other := f.Subscribe("s1"), f.Subscribe("s1"), f.Subscribe("s2")
	f.Publish(changed("s1", 1))
	f.Publish(changed("s1", 2))
	for _, s := range []*Subscription{one, two} {
		for place := 1; place <= 2; place++ {
			if e := <-s.C; e != changed("s1", place) {
				t.Errorf("got %v, not place %d", e, place)
			}
		}
	}
	other.Close()
	if e, open := <-other.C; open {
		t.Errorf("another session's subscriber got %v", e)
	}
}

func TestASlowSubscriberIsDroppedAndTheOthersStay(t *testing.T) {
	f := New()
	slow, quick := f.Subscribe("s1"), f.Subscribe("s1")
	for i := range queue + 1 {
		f.Publish(changed("s1", i))
		<-quick.C
	}
	seen := 0
	for range slow.C {
		seen++
	}
	if seen != queue {
		t.Errorf("the slow one read %d of %d", seen, queue)
	}
	f.Publish(changed("s1", 0))
	if _, open := <-quick.C; !open {
		t.Error("the quick one was dropped too")
	}
	slow.Close()
	quick.Close()
	quick.Close()
	if len(f.subs) != 0 {
		t.Errorf("kept %v", f.subs)
	}
}

func TestPublishingWhileClosing(_ *testing.T) {
	f := New()
	var wg sync.WaitGroup
	for range 8 {
		s := f.Subscribe("s1")
		wg.Go(func() { f.Publish(changed("s1", 0)) })
		wg.Go(s.Close)
	}
	wg.Wait()
	f.Publish(changed("s1", 0))
}
