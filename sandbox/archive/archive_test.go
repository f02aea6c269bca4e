package archive_test

import (
	"context"
	"errors"
	"io"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/greenbox-lab/greenbox/labs"
	"github.com/greenbox-lab/greenbox/sandbox/archive"
)

// node makes a node's root with a beginning, files of before it and the learner's.
func node(t *testing.T, before, after map[string]string) string {
	t.Helper()
	root := t.TempDir()
	write := func(name, content string) os.FileInfo {
		path := filepath.Join(root, name)
		must(t, os.MkdirAll(filepath.Dir(path), 0o700))
		must(t, os.WriteFile(path, []byte(content), 0o600))
		info, err := os.Stat(path)
		must(t, err)
		return info
	}
	for name, content := range before {
		write(name, content)
	}
	began := write("var/lib/greenbox-start/entries", "").ModTime()
	for changed(write("tick", "")) <= began.UnixNano() { // the clock of files is a coarse one
	}
	for name, content := range after {
		write(name, content)
	}
	return root
}

func changed(info os.FileInfo) int64 { return info.Sys().(*syscall.Stat_t).Ctim.Nano() }

func TestAnArchiveHoldsWhatTheLearnerMade(t *testing.T) {
	const start = "http://api/v1/configmaps ConfigMap default before -\nhttp://api/v1/persistentvolumes PersistentVolume - old -\n"
	controlplane := node(t,
		map[string]string{
			"root/.profile": "old", "root/.kube/config": "old", "etc/kubernetes/manifests/etcd.yaml": "old",
			"var/lib/greenbox-start/objects": start, "var/lib/kubelet/config.yaml": "staticPodPath: \"/etc/odd\"\nx: y\n",
		},
		map[string]string{
			"root/.bash_history": "kubectl get pods\n", "root/pod.yaml": "kind: Pod", "root/a b/ü": "deep", "root/.kube/cache/x": "cache",
			"root/.ssh/id_ed25519": "key", "root/.cache/x": "x", "root/.viminfo": "x", "etc/passwd": "x", "etc/odd/static.yaml": "kind: Pod",
			"root/small": strings.Repeat("x", 1<<20), "root/large": strings.Repeat("x", 1<<20+1), "etc/kubernetes/manifests/mine.yaml": "mine",
		})
	must(t, os.Symlink("/etc/shadow", filepath.Join(controlplane, "root/link")))
	must(t, syscall.Mkfifo(filepath.Join(controlplane, "root/fifo"), 0o600))
	owned := `,"ownerReferences":[{"apiVersion":"apps/v1","kind":"ReplicaSet","name":"r","uid":"u","controller":true}]`
	api := server(t, map[string]string{
		"/api/v1/configmaps": object("ConfigMap", "default", "before", "") + "," + object("ConfigMap", "default", "kube-root-ca.crt", "") + "," +
			object("ConfigMap", "kube-system", "coredns", "") + "," + object("ConfigMap", "shop", "mine", `,"uid":"1","resourceVersion":"2","managedFields":[{}],`+
			`"annotations":{"kubectl.kubernetes.io/last-applied-configuration":"x","kept":"y"}`),
		"/api/v1/services":          object("Service", "default", "kubernetes", "") + "," + object("Service", "default", "web", ""),
		"/api/v1/pods":              object("Pod", "shop", "owned", owned) + "," + object("Pod", "shop", "free", ""),
		"/api/v1/events":            object("Event", "shop", "passing", ""),
		"/api/v1/serviceaccounts":   object("ServiceAccount", "shop", "default", ""),
		"/api/v1/namespaces":        object("Namespace", "", "kube-public", "") + "," + object("Namespace", "", "default", "") + "," + object("Namespace", "", "shop", ""),
		"/api/v1/nodes":             object("Node", "", "node01", ""),
		"/api/v1/persistentvolumes": object("PersistentVolume", "", "old", "") + "," + object("PersistentVolume", "", "new", ""),
		"/apis/apps/v1/deployments": object("Deployment", "shop", "web", ""),
	})
	a, dir := newArchives(t)
	must(t, a.Collect(t.Context(), work(reach{nodes: nodes{labs.ControlPlane: runs(controlplane), labs.Worker: runs(node(t, nil, nil))}, api: api})))
	found := content(t, a, "s1")
	want := []string{
		"README.txt", "controlplane/etc/kubernetes/manifests/mine.yaml", "controlplane/etc/odd/static.yaml", "controlplane/history.txt",
		"controlplane/root/a b/ü", "controlplane/root/pod.yaml", "controlplane/root/small", "objects/cluster/namespace-shop.yaml",
		"objects/cluster/persistentvolume-new.yaml", "objects/namespace-default/service-web.yaml", "objects/namespace-shop/configmap-mine.yaml",
		"objects/namespace-shop/deployment-web.yaml", "objects/namespace-shop/pod-free.yaml", "summary.json",
	}
	if diff := cmp.Diff(want, names(found)); diff != "" {
		t.Error("(-want +got):\n" + diff)
	}
	for name, content := range map[string]string{
		"controlplane/history.txt":                   "kubectl get pods\n",
		"controlplane/root/a b/ü":                    "deep",
		"objects/namespace-shop/configmap-mine.yaml": "apiVersion: v1\nkind: ConfigMap\nmetadata:\n  annotations:\n    kept: \"y\"\n  name: mine\n  namespace: shop\n",
	} {
		if found[name] != content {
			t.Errorf("%s is %q", name, found[name])
		}
	}
	for name, parts := range map[string][]string{
		"README.txt":   {"the lab pods", "2026-01-02 05:04 UTC", "history.txt", "Secret", "這是你在 lab「pods」"},
		"summary.json": {`"lab": "pods"`, `"id": "run",` + "\n" + `      "verdict": "passed"`, `"verdict": null`, `"complete": true`, `"ended_at": "2026-01-02T05:04:05Z"`},
	} {
		for _, part := range parts {
			if !strings.Contains(found[name], part) {
				t.Errorf("%s has no %q:\n%s", name, part, found[name])
			}
		}
	}
	if strings.Contains(found["README.txt"], "NOT EVERYTHING") || strings.Contains(found["README.txt"], "Left out") {
		t.Error(found["README.txt"])
	}
	if diff := cmp.Diff([]string{"s1.tar.gz"}, files(t, dir)); diff != "" {
		t.Error(diff)
	}
	if size, err := a.Size("s1"); err != nil || size < 1000 {
		t.Errorf("size %d, %v", size, err)
	}
}

func TestThereIsNoArchiveButOnesOwn(t *testing.T) {
	a, dir := newArchives(t)
	must(t, os.WriteFile(filepath.Join(filepath.Dir(dir), "outside.tar.gz"), nil, 0o600))
	for _, id := range []string{"s1", "", ".", "..", "../outside", "/etc/passwd"} {
		_, size := a.Size(id)
		_, open := a.Open(id)
		for _, err := range []error{size, open, a.Settle(id)} {
			if !errors.Is(err, labs.ErrNotFound) {
				t.Errorf("%q: %v", id, err)
			}
		}
	}
}

func TestADiskThatKeepsNothingIsNotTheClustersFault(t *testing.T) {
	a, dir := newArchives(t)
	gone := func(context.Context, []string) (io.Reader, error) {
		must(t, os.RemoveAll(dir))
		return nil, errors.New("it does not answer")
	}
	err := a.Collect(t.Context(), work(reach{nodes: nodes{labs.ControlPlane: gone, labs.Worker: gone}, api: server(t, nil)}))
	if incomplete := (*archive.IncompleteError)(nil); err == nil || errors.As(err, &incomplete) {
		t.Errorf("got %v", err)
	}
}

func TestOldArchivesAreRemoved(t *testing.T) {
	a, dir := newArchives(t)
	now := time.Date(2026, 3, 1, 0, 0, 0, 0, time.UTC)
	for name, age := range map[string]time.Duration{
		"old.tar.gz": 25 * time.Hour, "new.tar.gz": 23 * time.Hour, ".cut.tar.gz.part": 25 * time.Hour,
		".poor.tar.gz.best": 25 * time.Hour, "somebody's": 25 * time.Hour,
	} {
		path := filepath.Join(dir, name)
		must(t, os.WriteFile(path, nil, 0o600))
		must(t, os.Chtimes(path, now.Add(-age), now.Add(-age)))
	}
	must(t, a.Prune(now.Add(-24*time.Hour)))
	if diff := cmp.Diff([]string{"new.tar.gz", "somebody's"}, files(t, dir)); diff != "" {
		t.Error(diff)
	}
}
