package main

import (
	"errors"
	"net/http"
	"slices"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/gorilla/websocket"
	"github.com/greenbox-lab/greenbox/labs"
)

// TestIntegrationFaults kills the server with -9 in each state that a session can be
// in, and takes the engine away while a terminal is open. Each next server goes on
// where the one before stopped, and the end leaves nothing.
func TestIntegrationFaults(t *testing.T) {
	road := newEngineRoad(t)
	w := newWorld(t, "--parallel-starts", "1")
	id := api[session](t, w, http.StatusCreated, http.MethodPost, "/api/v1/labs/delete-static-pod/sessions", "").ID
	waiting := api[session](t, w, http.StatusCreated, http.MethodPost, "/api/v1/labs/first-pods/sessions", "").ID
	for _, part := range []struct {
		name string
		run  func(*testing.T)
	}{
		{"while one session is queued, and the nodes of another one are made", func(t *testing.T) {
			w.killedOnce(t, id, "preparing", labs.StageNodes)
			w.in(t, waiting, "queued")
			api[struct{}](t, w, http.StatusNoContent, http.MethodDelete, "/api/v1/sessions/"+waiting, "")
		}},
		{"while its nodes join", func(t *testing.T) { w.killedOnce(t, id, "preparing", labs.StageJoin) }},
		{"while the lab is set up", func(t *testing.T) { w.killedOnce(t, id, "preparing", labs.StageSetup); w.ready(id) }},
		{"while it is ready", func(t *testing.T) { w.killedOnce(t, id, "ready", ""); w.in(t, id, "ready") }},
		{"while it is paused", func(t *testing.T) {
			w.stop(syscall.SIGTERM)
			w.start()
			w.killedOnce(t, id, "paused", "")
			w.in(t, id, "paused")
			sh, _ := w.attach(t, id, "controlplane")
			sh.run("true")
			w.in(t, id, "ready")
		}},
		{"the engine goes away for a while", func(t *testing.T) { w.outlives(t, road, id) }},
		{"while it is reset", func(t *testing.T) {
			api[session](t, w, http.StatusAccepted, http.MethodPost, "/api/v1/sessions/"+id+"/reset", "")
			w.killedOnce(t, id, "preparing", labs.StageNodes)
			w.ready(id)
		}},
		{"while it ends", func(t *testing.T) {
			api[struct{}](t, w, http.StatusNoContent, http.MethodDelete, "/api/v1/sessions/"+id, "")
			w.killedOnce(t, id, "ended", "")
			w.hasNothing(t)
			w.in(t, id, "ended")
			w.in(t, waiting, "ended")
		}},
	} {
		passed := t.Run(part.name, func(t *testing.T) {
			defer func(whole *testing.T) { w.t = whole }(w.t)
			w.t = t
			part.run(t)
		})
		if !passed {
			return
		}
	}
}

// killedOnce kills the server once the session is in that state, and at that stage or
// a later one, and starts the next one.
func (w *world) killedOnce(t *testing.T, id, state string, stage labs.Stage) {
	t.Helper()
	var seen session
	for deadline := time.Now().Add(5 * time.Minute); !seen.reached(state, stage); time.Sleep(50 * time.Millisecond) {
		seen = api[session](t, w, http.StatusOK, http.MethodGet, "/api/v1/sessions/"+id, "")
		if seen.State == "failed" || time.Now().After(deadline) {
			t.Fatalf("the session never is %s %s: %+v\n%s", state, stage, seen, w.log.tail())
		}
	}
	w.stop(syscall.SIGKILL)
	if seen.Stage != nil {
		state += " at " + *seen.Stage
	}
	t.Logf("killed while %s", state)
	w.start()
}

// reached reports whether the session is in that state, and at that stage of a start
// or a later one.
func (s session) reached(state string, stage labs.Stage) bool {
	at := func(stage labs.Stage) int { return slices.Index(labs.Stages(), stage) }
	if stage == "" || s.Stage == nil {
		return s.State == state && stage == "" || s.State == "ready" && stage != ""
	}
	return s.State == state && at(labs.Stage(*s.Stage)) >= at(stage)
}

// outlives takes the engine away for a while. The session stays what it is, and so
// does its shell; what is asked meanwhile is done when the engine is back.
func (w *world) outlives(t *testing.T, road *engineRoad, id string) {
	sh, _ := w.attach(t, id, "controlplane")
	sh.run("echo before-the-out''age; export KEPT=yes")
	leave := w.stay(t, id)
	road.block()
	sh.breaks()
	var queued session
	for began := time.Now(); time.Since(began) < 20*time.Second; time.Sleep(time.Second) {
		if s := api[session](t, w, http.StatusOK, http.MethodGet, "/api/v1/sessions/"+id, ""); s.State != "ready" {
			t.Errorf("while the engine is away the session is %s", s.State)
		}
		api[struct{}](t, w, http.StatusServiceUnavailable, http.MethodGet, "/readyz", "")
		if queued.ID == "" {
			queued = api[session](t, w, http.StatusCreated, http.MethodPost, "/api/v1/labs/first-pods/sessions", "")
		}
	}
	w.in(t, queued.ID, "queued")
	leave()
	road.open(t)
	sh, replay := w.attach(t, id, "controlplane")
	if !strings.Contains(replay, "before-the-outage") {
		t.Errorf("the scrollback is lost: %q", replay)
	}
	if got := sh.run("echo $KEPT"); got != "yes" {
		t.Errorf("it is another shell: %q", got)
	}
	if a := w.attempt(t, id, "delete", ""); a.Verdict != "failed" {
		t.Errorf("an attempt is judged %+v", a)
	}
	w.in(t, queued.ID, "preparing")
	api[struct{}](t, w, http.StatusNoContent, http.MethodDelete, "/api/v1/sessions/"+queued.ID, "")
}

// breaks waits until the server closes the terminal, and says that it may be opened again.
func (s *shell) breaks() {
	s.t.Helper()
	if err := s.conn.SetReadDeadline(time.Now().Add(time.Minute)); err != nil {
		s.t.Fatal(err)
	}
	for {
		if _, _, err := s.conn.ReadMessage(); err != nil {
			if !websocket.IsCloseError(err, websocket.CloseServiceRestart) {
				s.t.Errorf("the terminal ended with %v", err)
			}
			return
		}
	}
}

// hasNothing waits until nothing of this instance is left on the engine.
func (w *world) hasNothing(t *testing.T) {
	t.Helper()
	ours := "label=greenbox.instance=" + w.instance(t)
	w.eventually(2*time.Minute, "containers, networks and volumes are gone", func() error {
		left := docker(t, "ps", "-aq", "--filter", ours) + docker(t, "network", "ls", "-q", "--filter", ours) + docker(t, "volume", "ls", "-q", "--filter", ours)
		if left != "" {
			return errors.New("left: " + left)
		}
		return nil
	})
}
