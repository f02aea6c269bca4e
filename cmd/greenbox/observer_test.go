package main

import (
	"context"
	"errors"
	"log/slog"
	"testing"
	"testing/synctest"
	"time"

	"github.com/greenbox-lab/greenbox/labs"
	"github.com/greenbox-lab/greenbox/labs/catalog"
	"github.com/greenbox-lab/greenbox/labs/grade"
	"github.com/greenbox-lab/greenbox/sandbox"
)

// deafFleet is a fake of a fleet with one session, whose sandbox it does not give.
type deafFleet struct {
	session labs.Session
	until   time.Time  // it is in session's state
	then    labs.State // and in this one afterwards
	refuse  error
	asked   int
}

func (f *deafFleet) Session(context.Context, string) (labs.Session, error) {
	now := f.session
	if time.Now().After(f.until) {
		now.State = f.then
	}
	return now, nil
}

func (f *deafFleet) Sandbox(context.Context, string) (*sandbox.Sandbox, error) {
	f.asked++
	return nil, f.refuse
}

func TestObserverTriesAgainWhileASessionIsReady(t *testing.T) {
	content, err := catalog.Embedded()
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		name   string
		state  labs.State // half a minute after it was said to be ready
		refuse error
		least  int // times that the sandbox is asked for in an hour
		most   int
	}{
		{"a sandbox that is not to be had is asked for, ever more seldom", labs.Ready, errors.New("deadline exceeded"), 100, 130},
		{"a session that is paused meanwhile is left alone", labs.Paused, errors.New("deadline exceeded"), 4, 6},
		{"an ended session is asked for once", labs.Ready, labs.ErrEnded, 1, 1},
	} {
		t.Run(c.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				ctx, cancel := context.WithCancel(t.Context())
				grader := grade.New(nil, nil)
				defer grader.Close()
				o := newObserver(content.Lab, grader, slog.New(slog.DiscardHandler))
				ready := labs.Session{ID: "s", LabID: content.Labs()[0].ID, State: labs.Ready}
				fleet := &deafFleet{session: ready, until: time.Now().Add(30 * time.Second), then: c.state, refuse: c.refuse}
				done := make(chan error, 1)
				go func() { done <- o.run(ctx, fleet) }()
				o.tell(labs.SessionChanged{Now: ready})
				time.Sleep(time.Hour)
				cancel()
				if err := <-done; err != nil {
					t.Error(err)
				}
				if fleet.asked < c.least || fleet.asked > c.most {
					t.Errorf("asked %d times, want %d to %d", fleet.asked, c.least, c.most)
				}
			})
		})
	}
}
