package web

import (
	"bufio"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/greenbox-lab/greenbox/labs"
	"github.com/greenbox-lab/greenbox/labs/feed"
	"github.com/labstack/echo/v4"
)

// follow opens a session's stream and returns what reads its next event.
func (w *world) follow(path string) func() string {
	w.t.Helper()
	req, err := http.NewRequestWithContext(w.t.Context(), "GET", w.url+path, nil)
	if err != nil {
		w.t.Fatal(err)
	}
	res, err := http.DefaultClient.Do(req)
	if err != nil {
		w.t.Fatal(err)
	}
	w.t.Cleanup(func() { _ = res.Body.Close() })
	if got := res.Header.Get("Content-Type"); !strings.HasPrefix(got, "text/event-stream") {
		w.t.Fatal(got)
	}
	lines := bufio.NewScanner(res.Body)
	return func() string {
		var event []string
		for lines.Scan() && lines.Text() != "" {
			event = append(event, lines.Text())
		}
		return strings.Join(event, "\n")
	}
}

func TestEventsOfASession(t *testing.T) {
	w := soloWorld(t)
	next := w.follow("/api/v1/sessions/mine/events?lang=zh-TW")
	expect := func(parts ...string) {
		t.Helper()
		got := next()
		for _, part := range parts {
			if !strings.Contains(got, part) {
				t.Fatalf("no %s in %s", part, got)
			}
		}
	}
	expect("event: session\n", `data: {"id":"mine","lab":"static","state":"ready"`, `{"id":"where","verdict":null,`)
	w.call("POST", "/api/v1/sessions/mine/steps/where/attempts", `{"answer":"a"}`)
	expect("event: attempt\n", `data: {"step":"where","attempt":{"id":"`, `"verdict":"failed"`, "不是這個節點。")
	expect("event: session\n", `{"id":"where","verdict":"failed",`)
	w.call("POST", "/api/v1/sessions/mine/steps/where/attempts", `{"answer":"a"}`)
	expect("event: attempt\n") // and no session: it is as it was
	w.feed.Publish(labs.SessionChanged{Now: labs.Session{ID: "mine", State: labs.Queued}})
	w.call("DELETE", "/api/v1/sessions/mine", "")
	expect("event: session\n", `"state":"ended"`)
	w.stop()
	if got := next(); got != "" {
		t.Errorf("after the end: %s", got)
	}
}

func TestReconnectingGivesANewSnapshot(t *testing.T) {
	w := soloWorld(t)
	w.follow("/api/v1/sessions/mine/events")()
	w.call("POST", "/api/v1/sessions/mine/steps/where/attempts", `{"answer":"b"}`)
	if got := w.follow("/api/v1/sessions/mine/events")(); !strings.Contains(got, `{"id":"where","verdict":"passed",`) {
		t.Error(got)
	}
}

func TestAStreamSaysEvery15SecondsThatItLives(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		page := httptest.NewRecorder()
		stream, err := newEventStream(echo.NewResponse(page, echo.New()), labs.English, func() ([]byte, error) { return []byte("{}"), nil })
		if err != nil {
			t.Fatal(err)
		}
		sub := feed.New().Subscribe("mine")
		defer sub.Close()
		done := make(chan error)
		go func() { done <- stream.run(t.Context(), sub) }()
		time.Sleep(46 * time.Second)
		synctest.Wait()
		if got, want := page.Body.String(), "retry: 1000\nevent: session\ndata: {}\n\n"+strings.Repeat(": still here\n\n", 3); got != want {
			t.Errorf("got %q", got)
		}
		sub.Close() // as a slow page is dropped
		if err := <-done; err != nil {
			t.Error(err)
		}
	})
}
