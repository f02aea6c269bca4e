package main

import (
	"context"
	"encoding/json"
	"errors"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/greenbox-lab/greenbox/labs"
	"github.com/greenbox-lab/greenbox/web/control"
)

// command runs greenbox cluster on the world's data folder.
func (w *world) command(t *testing.T, args ...string) string {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), 2*time.Minute)
	defer cancel()
	c := exec.CommandContext(ctx, w.binary, append(append([]string{"cluster"}, args...), "--data", w.data)...)
	out, err := c.Output()
	if err != nil {
		var exit *exec.ExitError
		if errors.As(err, &exit) {
			out = append(out, exit.Stderr...)
		}
		t.Fatalf("greenbox cluster %s: %v\n%s", strings.Join(args, " "), err, out)
	}
	return string(out)
}

// serves takes a running server through what its operator's commands do; the
// session is over then.
func (l lives) serves(t *testing.T) {
	w := l.w
	var all []control.Cluster
	if err := json.Unmarshal([]byte(w.command(t, "ls", "--json", "--wide")), &all); err != nil {
		t.Fatal(err)
	}
	if len(all) != 1 || all[0].Session != l.id || all[0].Lab != "life" || all[0].Owner != control.OfSession || all[0].State != control.Running || len(all[0].Nodes) != 2 {
		t.Fatalf("ls: %+v", all)
	}
	for _, n := range all[0].Nodes {
		if n.Address == "" || n.Usage == nil || n.Usage.Memory < 10<<20 {
			t.Errorf("ls --wide: %+v", n)
		}
	}
	dir := filepath.Join(t.TempDir(), "logs")
	w.command(t, "logs", l.id, "--dir", dir)
	for log, want := range map[string]string{
		"controlplane/kubelet.log": "kubelet", "node01/containerd.log": "containerd", "controlplane/pods/kube-system_etcd-controlplane_*/etcd/*.log": "etcd",
	} {
		found, err := filepath.Glob(filepath.Join(dir, log))
		if err != nil || len(found) == 0 {
			t.Errorf("%s was not collected: %v", log, filesIn(t, dir))
			continue
		}
		if said, err := os.ReadFile(found[0]); err != nil || !strings.Contains(string(said), want) {
			t.Errorf("%s: %v, %.300q", log, err, said)
		}
	}
	id, err := knownInstance(w.data)
	if err != nil {
		t.Fatal(err)
	}
	volume := docker(t, "volume", "create", "--label", "greenbox.instance="+id, "--label", "greenbox.cluster=greenbox-gone")
	network := docker(t, "network", "create", "--label", "greenbox.instance="+id, "--label", "greenbox.cluster=greenbox-left-"+l.id, "greenbox-left-"+l.id)
	if got := w.command(t, "gc", "--dry-run"); !strings.Contains(got, "cluster greenbox-gone\n") || !strings.Contains(got, "greenbox-left-") {
		t.Errorf("gc --dry-run: %s", got)
	}
	w.command(t, "gc")
	if left := docker(t, "volume", "ls", "-q", "--filter", "name="+volume) + docker(t, "network", "ls", "-q", "--no-trunc", "--filter", "id="+network); left != "" {
		t.Errorf("gc left %s", left)
	}
	if got := w.command(t, "queue"); !strings.Contains(got, "nobody waits") {
		t.Errorf("queue: %s", got)
	}
	if _, metrics, err := w.try(http.MethodGet, "/metrics", ""); err != nil || !strings.Contains(string(metrics), `greenbox_clusters{state="running"} 1`) {
		t.Errorf("metrics: %v\n%s", err, metrics)
	}
	w.command(t, "rm", "--yes", l.id)
	if s := api[session](t, w, http.StatusOK, http.MethodGet, l.path(""), ""); s.State != string(labs.Ended) {
		t.Errorf("after rm the session is %s", s.State)
	}
	if got := w.command(t, "ls"); got != "no clusters\n" {
		t.Errorf("after rm there is: %s", got)
	}
}
