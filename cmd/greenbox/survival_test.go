package main

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"testing"
	"time"
)

func survivesKill(t *testing.T, w *world, id string) {
	before := api[session](t, w, http.StatusOK, http.MethodGet, "/api/v1/sessions/"+id, "")
	sh, _ := w.attach(t, id, "controlplane")
	sh.run("echo before-the-kill; export KEPT=yes")
	w.stop(syscall.SIGKILL)
	w.start()
	after := api[session](t, w, http.StatusOK, http.MethodGet, "/api/v1/sessions/"+id, "")
	for _, step := range []string{"where", "directory", "delete"} {
		if after.verdict(step) != before.verdict(step) || after.verdict(step) != "passed" {
			t.Errorf("step %s was %q, is %q", step, before.verdict(step), after.verdict(step))
		}
	}
	sh, replay := w.attach(t, id, "controlplane")
	if !strings.Contains(replay, "before-the-kill") {
		t.Errorf("the scrollback is lost: %q", replay)
	}
	if got := sh.run("echo $KEPT"); got != "yes" {
		t.Errorf("it is another shell: %q", got)
	}
}

func survivesTerm(t *testing.T, w *world, id string) {
	sh, _ := w.attach(t, id, "controlplane")
	sh.run("export KEPT=still")
	w.stop(syscall.SIGTERM)
	for _, node := range []string{"controlplane", "node01"} {
		if got := docker(t, "inspect", "-f", "{{.State.Status}}", container(id, node)); got != "paused" {
			t.Errorf("%s is %s", node, got)
		}
	}
	w.start()
	if s := api[session](t, w, http.StatusOK, http.MethodGet, "/api/v1/sessions/"+id, ""); s.State != "paused" {
		t.Errorf("the session is %s", s.State)
	}
	began := time.Now()
	sh, _ = w.attach(t, id, "controlplane")
	if got := sh.run("echo $KEPT"); got != "still" {
		t.Errorf("it is another shell: %q", got)
	}
	t.Logf("resumed to an echo in %s", time.Since(began).Round(time.Millisecond))
	if s := api[session](t, w, http.StatusOK, http.MethodGet, "/api/v1/sessions/"+id, ""); s.State != "ready" {
		t.Errorf("the session is %s", s.State)
	}
}

func survivesNodeRestart(t *testing.T, w *world, id string) {
	ctx, cancel := context.WithTimeout(t.Context(), 2*time.Minute)
	defer cancel()
	out, err := exec.CommandContext(ctx, "docker", "restart", container(id, "node01"), container(id, "controlplane")).CombinedOutput()
	if err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	w.eventually(2*time.Minute, "the nodes know each other again", func() error {
		got, err := w.on(t, id, "node01", "hostname; ssh -o ConnectTimeout=2 controlplane hostname; kubectl wait --for=condition=Ready node --all --timeout=5s >/dev/null")
		if err == nil && got != "node01\ncontrolplane" {
			err = fmt.Errorf("got %q", got)
		}
		return err
	})
	w.eventually(2*time.Minute, "pods reach each other again", func() error {
		out, err := w.on(t, id, "controlplane", `kubectl exec client -- wget -qO- -T 5 "$(kubectl get pod far -o jsonpath={.status.podIP})"`)
		if err == nil && !strings.Contains(out, "Welcome to nginx") {
			err = fmt.Errorf("got %.200q", out)
		}
		return err
	})
	sh, _ := w.attach(t, id, "node01")
	if got := sh.run("hostname"); got != "node01" {
		t.Errorf("the terminal is on %q", got)
	}
}

func endsClean(t *testing.T, w *world, id string) {
	volumes := strings.Fields(docker(t, "inspect", "-f", "{{range .Mounts}}{{.Name}} {{end}}", container(id, "controlplane"), container(id, "node01")))
	if len(volumes) != 2 {
		t.Errorf("volumes of the nodes: %q", volumes)
	}
	began := time.Now()
	api[struct{}](t, w, http.StatusNoContent, http.MethodDelete, "/api/v1/sessions/"+id, "")
	w.eventually(10*time.Second, "containers, volumes, network and credentials are gone", func() error {
		left := docker(t, "ps", "-aq", "--filter", "label=io.x-k8s.kind.cluster=greenbox-"+id) + docker(t, "network", "ls", "-q", "--filter", "label=greenbox.session="+id)
		for _, v := range strings.Fields(docker(t, "volume", "ls", "-q")) {
			if slices.Contains(volumes, v) {
				left += " volume " + v
			}
		}
		if _, err := os.Stat(filepath.Join(w.data, "clusters", "greenbox-"+id)); err == nil {
			left += " credentials"
		}
		if left != "" {
			return errors.New("left: " + left)
		}
		return nil
	})
	t.Logf("gone after %s", time.Since(began).Round(10*time.Millisecond))
	api[struct{}](t, w, http.StatusNoContent, http.MethodDelete, "/api/v1/sessions/"+id, "")
	if s := api[session](t, w, http.StatusOK, http.MethodGet, "/api/v1/sessions/"+id, ""); s.State != "ended" {
		t.Errorf("the session is %s", s.State)
	}
	api[struct{ Code string }](t, w, http.StatusConflict, http.MethodPost, "/api/v1/sessions/"+id+"/steps/delete/attempts", "{}")
}
