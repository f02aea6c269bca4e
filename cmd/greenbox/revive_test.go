package main

import (
	"encoding/binary"
	"errors"
	"fmt"
	"net/http"
	"net/netip"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/greenbox-lab/greenbox/labs"
)

// halts stops everything as a machine does that loses power: server and nodes.
func (l lives) halts(t *testing.T) {
	t.Helper()
	l.w.stop(syscall.SIGKILL)
	docker(t, "kill", container(l.id, labs.ControlPlane), container(l.id, labs.Worker))
}

func (l lives) address(t *testing.T, node string) netip.Addr {
	t.Helper()
	at, err := netip.ParseAddr(docker(t, "inspect", "-f", "{{range .NetworkSettings.Networks}}{{.IPAddress}}{{end}}", container(l.id, node)))
	if err != nil {
		t.Fatal(err)
	}
	return at
}

// revives halts the machine. The node that had the higher address boots first then,
// which gives it the other one's.
func (l lives) revives(t *testing.T) {
	l.w.must(t, l.id, labs.ControlPlane, "kubectl run kept --namespace=default --image=nginx && kubectl wait --namespace=default --for=condition=Ready pod/kept --timeout=90s")
	const uid = "kubectl get pod kept --namespace=default -o jsonpath={.metadata.uid}"
	pod, address := l.w.must(t, l.id, labs.ControlPlane, uid), l.address(t, labs.ControlPlane)
	first := labs.Worker
	if l.address(t, labs.Worker).Less(address) {
		first = labs.ControlPlane
	}
	l.halts(t)
	docker(t, "start", container(l.id, first))
	began := time.Now()
	l.w.start()
	l.w.eventually(time.Minute, "both nodes are started", func() error {
		for _, node := range labs.Nodes() {
			if got := docker(t, "inspect", "-f", "{{.State.Status}}", container(l.id, node)); got != "running" {
				return fmt.Errorf("%s is %s", node, got)
			}
		}
		return nil
	})
	l.w.ready(l.id)
	t.Logf("revived in %s", time.Since(began).Round(100*time.Millisecond))
	if now := l.address(t, labs.ControlPlane); now == address {
		t.Errorf("controlplane is at %s, as before", now)
	}
	for _, node := range labs.Nodes() {
		sh, _ := l.w.attach(t, l.id, node)
		if got := sh.run("hostname"); got != node {
			t.Errorf("the terminal of %s is on %q", node, got)
		}
	}
	l.w.eventually(2*time.Minute, "the Pod of before runs again", func() error {
		got, err := l.w.on(t, l.id, labs.ControlPlane, "timeout 10 kubectl exec kept --namespace=default -- hostname && ssh -o ConnectTimeout=2 node01 hostname && "+uid)
		if want := "kept\nnode01\n" + pod; err == nil && got != want {
			err = fmt.Errorf("got %q, want %q", got, want)
		}
		return err
	})
	if r := l.replacement(t); r.ReplacedAt != nil {
		t.Errorf("the cluster is not the one of before: %+v", r)
	}
}

type replacement struct {
	State      string
	Error      *string
	ReplacedAt *time.Time `json:"replaced_at"`
	ResetAt    *time.Time `json:"reset_at"`
}

func (l lives) replacement(t *testing.T) replacement {
	t.Helper()
	return api[replacement](t, l.w, http.StatusOK, http.MethodGet, l.path(""), "")
}

// replaces halts the machine, and has etcd's log not be what was written.
func (l lives) replaces(t *testing.T) {
	before := l.w.must(t, l.id, labs.ControlPlane, "sha256sum /etc/kubernetes/pki/ca.crt")
	was := l.replacement(t)
	l.halts(t)
	l.tear(t)
	began := time.Now()
	l.w.start()
	l.w.eventually(3*time.Minute, "a fresh cluster is there", func() error {
		r := l.replacement(t)
		if r.Error != nil {
			t.Fatalf("the session failed: %s", *r.Error)
		}
		if r.ReplacedAt == nil || r.State != "ready" {
			return fmt.Errorf("the session is %+v", r)
		}
		return nil
	})
	t.Logf("replaced in %s", time.Since(began).Round(100*time.Millisecond))
	if now := l.replacement(t); (now.ResetAt == nil) != (was.ResetAt == nil) || now.ResetAt != nil && !now.ResetAt.Equal(*was.ResetAt) {
		t.Errorf("reset at %v, before at %v", now.ResetAt, was.ResetAt)
	}
	if !l.w.log.has("etcd says: ") || !l.w.log.has("crc mismatch") {
		t.Errorf("the server does not say why:\n%s", l.w.log.tail())
	}
	if _, page, err := l.w.try(http.MethodGet, "/sessions/"+l.id, ""); err != nil || !strings.Contains(string(page), `"replaced_at":"2`) || !strings.Contains(string(page), `id="replaced"`) {
		t.Errorf("the page does not say so: %v\n%s", err, page)
	}
	if after := l.w.must(t, l.id, labs.ControlPlane, "sha256sum /etc/kubernetes/pki/ca.crt"); after == before {
		t.Error("the cluster is the one of before")
	}
	for _, step := range l.lab.Steps {
		if got := l.verdict(t, step.ID); got != "passed" {
			t.Errorf("step %s had been passed, and is %q", step.ID, got)
		}
	}
	l.w.must(t, l.id, labs.Worker, "test -e /root/anchor") // the lab was set up
	sh, _ := l.w.attach(t, l.id, labs.ControlPlane)
	if got := sh.run("kubectl get nodes --no-headers | wc -l"); got != "2" {
		t.Errorf("%s nodes", got)
	}
}

// tear changes one byte in the middle of etcd's write-ahead log: the last one of a
// record, whose checksum then is another.
func (l lives) tear(t *testing.T) {
	t.Helper()
	volume := docker(t, "inspect", "-f", `{{range .Mounts}}{{if eq .Destination "/var"}}{{.Source}}{{end}}{{end}}`, container(l.id, labs.ControlPlane))
	logs, err := filepath.Glob(filepath.Join(volume, "lib/etcd/member/wal/*.wal"))
	if err != nil || len(logs) == 0 {
		t.Fatalf("no write-ahead log in %s: %v", volume, err)
	}
	name := logs[len(logs)-1]
	raw, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	ends := records(raw)
	at := ends[len(ends)/2] - 1
	file, err := os.OpenFile(name, os.O_WRONLY, 0)
	if err != nil {
		t.Fatal(err)
	}
	_, err = file.WriteAt([]byte{^raw[at]}, int64(at))
	if err := errors.Join(err, file.Close()); err != nil {
		t.Fatal(err)
	}
}

// records are where the records of a write-ahead log end. Each begins with its length
// in 56 bits; the other 8 say how many bytes follow it until the next one begins.
func records(log []byte) (ends []int) {
	for at := 0; at+8 < len(log); {
		frame := binary.LittleEndian.Uint64(log[at:])
		length := int(frame & (1<<56 - 1))
		if length == 0 || at+8+length > len(log) {
			break
		}
		at += 8 + length
		ends = append(ends, at)
		at += int(frame >> 56 & 7)
	}
	return ends
}
