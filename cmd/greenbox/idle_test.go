package main

import (
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"
)

// TestIntegrationIdle has a learner go away and come back with a key.
func TestIntegrationIdle(t *testing.T) {
	w := newWorld(t, "--idle-pause", "8s")
	id := api[session](t, w, http.StatusCreated, http.MethodPost, "/api/v1/labs/delete-static-pod/sessions", "").ID
	w.ready(id)
	leave := w.stay(t, id)
	sh, _ := w.attach(t, id, "controlplane")
	sh.run("echo before-the-pau''se; export KEPT=yes")
	leave()
	w.pausedByItself(t, id)

	began := time.Now()
	sh.send("echo typed-while-pau''sed\r")
	sh.until("typed-while-paused", time.Minute)
	t.Logf("a key was echoed after %s", time.Since(began).Round(time.Millisecond))
	w.in(t, id, "ready")
	leave = w.stay(t, id)
	if got := sh.run("echo $KEPT"); got != "yes" {
		t.Errorf("it is another shell: %q", got)
	}
	_, replay := w.attach(t, id, "controlplane")
	if !strings.Contains(replay, "before-the-pause") {
		t.Errorf("the scrollback is lost: %q", replay)
	}
	leave()
}

// stay is a visible page, until leave is called.
func (w *world) stay(t *testing.T, id string) (leave func()) {
	stop, stopped := make(chan struct{}), make(chan struct{})
	go func() {
		defer close(stopped)
		for {
			status, body, err := w.try(http.MethodPost, "/api/v1/sessions/"+id+"/presence", "")
			if err != nil || status != http.StatusNoContent {
				t.Errorf("presence: %d, %v: %s", status, err, body)
			}
			select {
			case <-stop:
				return
			case <-time.After(time.Second):
			}
		}
	}()
	return func() {
		close(stop)
		<-stopped
	}
}

func (w *world) in(t *testing.T, id, state string) {
	w.eventually(time.Minute, "the session is "+state, func() error {
		if s := api[session](t, w, http.StatusOK, http.MethodGet, "/api/v1/sessions/"+id, ""); s.State != state {
			return fmt.Errorf("it is %s", s.State)
		}
		return nil
	})
}

// pausedByItself waits until nobody's session is paused, and its nodes with it.
func (w *world) pausedByItself(t *testing.T, id string) {
	t.Helper()
	w.in(t, id, "paused")
	for _, node := range []string{"controlplane", "node01"} {
		w.eventually(time.Minute, node+" is paused", func() error {
			if got := docker(t, "inspect", "-f", "{{.State.Status}}", container(id, node)); got != "paused" {
				return fmt.Errorf("it is %s", got)
			}
			return nil
		})
	}
}
