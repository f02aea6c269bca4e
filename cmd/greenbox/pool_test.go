package main

import (
	"errors"
	"fmt"
	"net/http"
	"strings"
	"syscall"
	"testing"
	"time"
)

// TestIntegrationPool has a spare survive a kill, be taken and be swapped in.
func TestIntegrationPool(t *testing.T) {
	w := newWorld(t, "--pool", "1")
	spare := w.spare(t, "")
	w.stop(syscall.SIGKILL)
	w.start()
	if kept := w.spare(t, ""); kept != spare {
		t.Fatalf("before the kill the spare was %s, after it is %s", spare, kept)
	}
	began := time.Now()
	s := api[session](t, w, http.StatusCreated, http.MethodPost, "/api/v1/labs/delete-static-pod/sessions", "")
	w.hasShell(t, s.ID)
	t.Logf("from the click to a shell that answers: %s", time.Since(began).Round(time.Millisecond))
	if got := w.must(t, s.ID, "controlplane", "kubectl get nodes --no-headers | wc -l"); got != "2" {
		t.Errorf("%s nodes", got)
	}
	w.ready(s.ID)
	if "greenbox-"+s.ID != spare {
		t.Errorf("the session is %s, the spare was %s", s.ID, spare)
	}
	next := w.spare(t, spare)
	began = time.Now()
	api[session](t, w, http.StatusAccepted, http.MethodPost, "/api/v1/sessions/"+s.ID+"/reset", "")
	w.hasShell(t, s.ID)
	t.Logf("from the reset to a shell that answers: %s", time.Since(began).Round(time.Millisecond))
	w.ready(s.ID)
	if got := docker(t, "inspect", "-f", "{{.State.Status}}", next+"-control-plane"); got != "running" {
		t.Errorf("after the reset the spare %s is %s", next, got)
	}
	w.eventually(time.Minute, "the old cluster is gone", func() error {
		if left := docker(t, "ps", "-aq", "--filter", "label=io.x-k8s.kind.cluster="+spare); left != "" {
			return errors.New(left)
		}
		return nil
	})
}

// spare waits for a paused spare other than that one, and returns its cluster.
func (w *world) spare(t *testing.T, other string) (name string) {
	t.Helper()
	w.eventually(6*time.Minute, "a spare is there", func() error {
		list := docker(t, "ps", "--filter", "status=paused", "--filter", "label=greenbox.instance="+w.instance(t), "--format", `{{.Label "greenbox.cluster"}}`)
		names := strings.Fields(list)
		if len(names) != 2 || names[0] != names[1] || names[0] == other {
			return fmt.Errorf("paused nodes are of %q", names)
		}
		name = names[0]
		return nil
	})
	return name
}

func (w *world) instance(t *testing.T) string {
	t.Helper()
	id, err := knownInstance(w.data)
	if err != nil {
		t.Fatal(err)
	}
	return id
}

// hasShell waits until the terminal on controlplane answers.
func (w *world) hasShell(t *testing.T, id string) {
	t.Helper()
	w.eventually(time.Minute, "the session has terminals", func() error {
		s := api[session](t, w, http.StatusOK, http.MethodGet, "/api/v1/sessions/"+id, "")
		if s.State != "ready" && (s.Stage == nil || *s.Stage != "setup") {
			return fmt.Errorf("it is %s", s.State)
		}
		return nil
	})
	sh, _ := w.attach(t, id, "controlplane")
	if got := sh.run("hostname"); got != "controlplane" {
		t.Errorf("the terminal is on %q", got)
	}
}
