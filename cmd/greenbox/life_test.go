package main

import (
	"archive/tar"
	"bytes"
	"compress/gzip"
	"errors"
	"fmt"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/greenbox-lab/greenbox/labs"
	"github.com/greenbox-lab/greenbox/labs/catalog"
)

// TestIntegrationLifeOfALab takes a lab of a teacher's own folder through what a
// page can do beside the button: steps that pass by themselves, help, a step's
// starting point, a reset; and through losses of power.
func TestIntegrationLifeOfALab(t *testing.T) {
	const folder = "testdata/labs"
	w := newWorld(t, "--labs", folder)
	s := api[session](t, w, http.StatusCreated, http.MethodPost, "/api/v1/labs/life/sessions", "")
	w.ready(s.ID)
	content, err := catalog.Load(os.DirFS(folder))
	if err != nil {
		t.Fatal(err)
	}
	lab, err := content.Lab("life")
	if err != nil {
		t.Fatal(err)
	}
	life := lives{w, s.ID, lab.For(s.ID)}
	for _, part := range []struct {
		name string
		run  func(*testing.T)
	}{
		{"help is given when it is asked for", life.helps},
		{"steps pass by themselves, in order", life.passes},
		{"a step's starting point is restored, and nothing is lost", life.restores},
		{"a reset gives a new cluster to the same session", life.resets},
		{"and its steps pass again", life.passes},
		{"after a power loss it comes back by itself, at other addresses", life.revives},
		{"after one that damaged it, it is replaced, and progress is kept", life.replaces},
		{"the learner makes something", life.makes},
		{"the operator's commands list it, read its logs, remove orphans and end it", life.serves},
		{"and what was made is saved", life.keeps},
	} {
		if !t.Run(part.name, part.run) {
			return
		}
	}
}

type lives struct {
	w   *world
	id  string
	lab labs.Lab
}

func (l lives) path(format string, args ...any) string {
	return "/api/v1/sessions/" + l.id + fmt.Sprintf(format, args...)
}

func (l lives) verdict(t *testing.T, step string) string {
	return api[session](t, l.w, http.StatusOK, http.MethodGet, l.path(""), "").verdict(step)
}

func (l lives) helps(t *testing.T) {
	hint := api[struct {
		Number, Of int
		Text       string
	}](t, l.w, http.StatusCreated, http.MethodPost, l.path("/steps/object/hints"), "")
	colour := l.lab.Values(l.id)["colour"]
	if hint.Number != 1 || hint.Of != 1 || !strings.Contains(hint.Text, colour) {
		t.Errorf("the hint is %+v; want one that names %s", hint, colour)
	}
	solution := api[struct{ Script string }](t, l.w, http.StatusCreated, http.MethodPost, l.path("/steps/object/solution"), "")
	if solution.Script != "kubectl create configmap "+colour {
		t.Errorf("the solution is %q", solution.Script)
	}
}

func (l lives) passes(t *testing.T) {
	for _, step := range l.lab.Steps {
		if got := l.verdict(t, step.ID); got == "passed" {
			t.Fatalf("%s has passed before it was solved", step.ID)
		}
		l.w.must(t, l.id, labs.ControlPlane, step.Solution)
		solved := time.Now()
		l.w.eventually(20*time.Second, step.ID+" passes", func() error {
			if got := l.verdict(t, step.ID); got != "passed" {
				return fmt.Errorf("it is %q", got)
			}
			return nil
		})
		t.Logf("%s: passed %s after its solution ended", step.ID, time.Since(solved).Round(time.Millisecond))
	}
}

func (l lives) restores(t *testing.T) {
	l.w.must(t, l.id, labs.ControlPlane, "echo mine >/root/notes && kubectl create namespace clutter && kubectl run clutter --image=nginx --namespace=clutter && kubectl cordon node01")
	began := time.Now()
	api[session](t, l.w, http.StatusOK, http.MethodPost, l.path("/steps/object/restore"), "")
	t.Logf("restored in %s", time.Since(began).Round(time.Millisecond))
	if got := l.w.attempt(t, l.id, "object", ""); got.Verdict != "failed" {
		t.Errorf("at its starting point the step is %+v", got)
	}
	l.w.must(t, l.id, labs.ControlPlane, `[ "$(cat /root/saved/*/root/notes)" = mine ] && ! kubectl get namespace clutter && [ -z "$(kubectl get node node01 -o jsonpath={.spec.unschedulable})" ]`)
}

func (l lives) resets(t *testing.T) {
	l.w.must(t, l.id, labs.Worker, "rm /root/anchor")
	if got := l.w.attempt(t, l.id, "object", ""); got.Lost == nil || *got.Lost == "" {
		t.Errorf("without the anchor the attempt says %+v", got)
	}
	before := l.w.must(t, l.id, labs.ControlPlane, "sha256sum /etc/kubernetes/pki/ca.crt")
	again := api[session](t, l.w, http.StatusAccepted, http.MethodPost, l.path("/reset"), "")
	if again.ID != l.id || again.State == "ready" {
		t.Errorf("after the reset the session is %+v", again)
	}
	l.w.ready(l.id)
	if after := l.w.must(t, l.id, labs.ControlPlane, "sha256sum /etc/kubernetes/pki/ca.crt"); after == before {
		t.Error("the cluster is the one of before")
	}
	l.w.must(t, l.id, labs.Worker, "test -e /root/anchor")
}

// makes makes something as the learner would.
func (l lives) makes(t *testing.T) {
	l.w.must(t, l.id, labs.Worker, "echo mine >/root/notes")
	l.w.must(t, l.id, labs.ControlPlane, "echo cheese >/root/pie && kubectl create configmap keepsake --namespace=default --from-literal=a=b")
	// What a prompt does after a command; the login shell has it from its profile.
	l.w.must(t, l.id, labs.Worker, `set -o history; HISTFILE=/root/.bash_history; history -s kubectl get keepsakes; eval "$PROMPT_COMMAND"`)
}

// keeps looks into what was saved of the session, which has been ended.
func (l lives) keeps(t *testing.T) {
	var saved []byte
	l.w.eventually(2*time.Minute, "the work is saved", func() error {
		status, body, err := l.w.try(http.MethodGet, l.path("/archive"), "")
		if err == nil && status != http.StatusOK {
			err = fmt.Errorf("status %d: %s", status, body)
		}
		saved = body
		return err
	})
	l.w.eventually(time.Minute, "the cluster is removed", func() error {
		_, err := os.Stat(filepath.Join(l.w.data, "clusters", "greenbox-"+l.id))
		if err == nil {
			return errors.New("it is there")
		}
		return nil
	})
	found := unpack(t, saved)
	for name, part := range map[string]string{
		"node01/root/notes": "mine", "controlplane/root/pie": "cheese", "node01/history.txt": "kubectl get keepsakes",
		"objects/namespace-default/configmap-keepsake.yaml": "a: b", "summary.json": `"complete": true`, "README.txt": "這是你",
	} {
		if !strings.Contains(found[name], part) {
			t.Errorf("%s is %q", name, found[name])
		}
	}
	for name := range found {
		if strings.Contains(name, "kube-system") || strings.Contains(name, "id_ed25519") {
			t.Errorf("there is %s", name)
		}
	}
}

// unpack returns the files of a tar.gz by their names below its one folder.
func unpack(t *testing.T, packed []byte) map[string]string {
	t.Helper()
	plain, err := gzip.NewReader(bytes.NewReader(packed))
	if err != nil {
		t.Fatal(err)
	}
	found := map[string]string{}
	for in := tar.NewReader(plain); ; {
		header, err := in.Next()
		if errors.Is(err, io.EOF) {
			return found
		}
		if err != nil {
			t.Fatal(err)
		}
		content, err := io.ReadAll(in)
		if err != nil {
			t.Fatal(err)
		}
		_, name, _ := strings.Cut(header.Name, "/")
		found[name] = string(content)
	}
}
