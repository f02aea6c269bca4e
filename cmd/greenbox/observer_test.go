package main

import (
	"context"
	"errors"
	"io/fs"
	"log/slog"
	"sync/atomic"
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

func (f *deafFleet) Awake(context.Context, string) (*sandbox.Sandbox, error) {
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

// openCluster is a fake of a cluster that notes whether it is observed.
type openCluster struct {
	grade.Observable
	observed atomic.Bool
}

func (c *openCluster) WatchFiles(ctx context.Context, _ string, _ []string, _ func()) error {
	c.observed.Store(true)
	<-ctx.Done()
	c.observed.Store(false)
	return ctx.Err()
}

func (c *openCluster) ReadFile(context.Context, string, string) ([]byte, error) {
	return nil, fs.ErrNotExist
}

// blank is a record without an attempt.
type blank struct{ grade.Recorder }

func (blank) Verdicts(_ context.Context, _ string, steps []labs.Step) ([]labs.StepVerdict, error) {
	return make([]labs.StepVerdict, len(steps)), nil
}

func TestASessionThatIsNoLongerReadyIsForgottenAtOnce(t *testing.T) {
	lab := labs.Lab{Steps: []labs.Step{{Checks: []labs.Check{{File: &labs.FileCheck{Node: labs.Worker, Path: "/etc/motd"}}}}}}
	for _, state := range []labs.State{labs.Preparing, labs.Paused, labs.Ended, labs.Broken} {
		t.Run(string(state), func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				grader := grade.New(blank{}, nil)
				defer grader.Close()
				o := newObserver(nil, grader, slog.New(slog.DiscardHandler))
				at := &openCluster{}
				grader.Observe(labs.Session{ID: "s"}, lab, at)
				synctest.Wait()
				if !at.observed.Load() {
					t.Fatal("not observed")
				}
				o.tell(labs.SessionChanged{Now: labs.Session{ID: "s", State: state}})
				synctest.Wait()
				if at.observed.Load() {
					t.Error("still observed")
				}
			})
		})
	}
}
