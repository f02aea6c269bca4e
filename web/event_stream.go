package web

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"time"

	"github.com/greenbox-lab/greenbox/labs"
	"github.com/greenbox-lab/greenbox/labs/feed"
	"github.com/labstack/echo/v4"
)

const (
	heartbeat    = 15 * time.Second // how often a stream says that it lives
	eventTimeout = 10 * time.Second // how long a page may take to accept an event
)

type attemptEvent struct {
	Step    string      `json:"step"`
	Attempt attemptBody `json:"attempt"`
}

// GET /api/v1/sessions/{id}/events
func (s *Server) streamEvents(c echo.Context, l labs.Learner) error {
	ctx, cancel := s.untilStopping(c.Request().Context())
	defer cancel()
	session, err := s.own(ctx, l, c.Param("id"))
	if err != nil {
		return err
	}
	sub := s.Feed.Subscribe(session.ID) // before the snapshot, so that nothing falls in between
	defer sub.Close()
	lang := s.lang(c)
	snapshot := func() ([]byte, error) {
		now, err := s.own(ctx, l, session.ID)
		if err != nil {
			return nil, err
		}
		body, err := s.sessionBody(ctx, now, lang)
		if err != nil {
			return nil, err
		}
		return json.Marshal(body)
	}
	stream, err := newEventStream(c.Response(), lang, snapshot)
	if err != nil {
		return err
	}
	if err := stream.run(ctx, sub); err != nil {
		s.Log.Debug("event stream", "session", session.ID, "error", err)
	}
	return nil
}

// eventStream writes server-sent events to one page.
type eventStream struct {
	out      *echo.Response
	control  *http.ResponseController
	lang     labs.Lang
	snapshot func() ([]byte, error)
	last     []byte // the snapshot that the page has
}

// newEventStream takes the first snapshot, so that an error can still be answered.
func newEventStream(out *echo.Response, lang labs.Lang, snapshot func() ([]byte, error)) (*eventStream, error) {
	first, err := snapshot()
	if err != nil {
		return nil, err
	}
	st := &eventStream{out: out, control: http.NewResponseController(out), lang: lang, snapshot: snapshot, last: first}
	out.Header().Set(echo.HeaderContentType, "text/event-stream; charset=utf-8")
	out.Header().Set("X-Accel-Buffering", "no")
	out.WriteHeader(http.StatusOK)
	// The stream outlives the time a request may take; nothing more is read of it.
	if err := st.control.SetReadDeadline(time.Time{}); err != nil && !errors.Is(err, http.ErrNotSupported) {
		return nil, err
	}
	return st, nil
}

// run sends the snapshot, then what sub brings, until the page or ctx goes away
// or the page is too slow.
func (st *eventStream) run(ctx context.Context, sub *feed.Subscription) error {
	if err := st.write(fmt.Sprintf("retry: 1000\nevent: session\ndata: %s\n\n", st.last)); err != nil {
		return err
	}
	beat := time.NewTicker(heartbeat)
	defer beat.Stop()
	for {
		var err error
		select {
		case <-ctx.Done():
			return nil
		case <-beat.C:
			err = st.write(": still here\n\n")
		case e, open := <-sub.C:
			if !open {
				return nil
			}
			err = st.tell(e)
		}
		if err != nil {
			return err
		}
	}
}

// tell sends an attempt, and the session where it is no longer as the page has
// it. The session is read anew: an event may be older than the snapshot.
func (st *eventStream) tell(e labs.Event) error {
	if a, ok := e.(labs.StepAttempted); ok {
		data, err := json.Marshal(attemptEvent{Step: a.Attempt.StepID, Attempt: newAttemptBody(a.Attempt, st.lang)})
		if err != nil {
			return err
		}
		if err := st.write(fmt.Sprintf("event: attempt\ndata: %s\n\n", data)); err != nil {
			return err
		}
	}
	now, err := st.snapshot()
	if err != nil || bytes.Equal(now, st.last) {
		return err
	}
	st.last = now
	return st.write(fmt.Sprintf("event: session\ndata: %s\n\n", now))
}

func (st *eventStream) write(event string) error {
	if err := st.control.SetWriteDeadline(time.Now().Add(eventTimeout)); err != nil && !errors.Is(err, http.ErrNotSupported) {
		return err
	}
	if _, err := st.out.Write([]byte(event)); err != nil {
		return err
	}
	return st.control.Flush()
}
