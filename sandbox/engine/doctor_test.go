package engine

import (
	"encoding/json"
	"errors"
	"io/fs"
	"net"
	"slices"
	"strings"
	"testing"
)

// healthy is a machine on which nothing is to be found.
func healthy() machine {
	known := func(n uint64) reading { return reading{value: n, known: true} }
	return machine{
		host: "unix:///run/docker.sock", version: "26.1.5", cgroup: "2", cli: "Docker version 26\n",
		stock: stock{memory: known(8 * gib), disk: known(50 * gib), instances: known(1024), watches: known(524288)},
		pids:  known(1 << 22), files: known(1 << 20), diskOf: dockerData, keys: known(1000000), swap: known(2 * gib), unswapped: known(2 * gib),
		ports: []port{{number: 8080, free: true}},
	}
}

func TestJudge(t *testing.T) {
	for _, row := range []struct {
		name   string
		change func(*machine)
		id     string
		status Status
		found  string
		runs   bool
	}{
		{"a healthy machine's engine", func(*machine) {}, "engine", OK, "26.1.5", true},
		{"no engine", func(m *machine) { m.silence = errors.New("refused") }, "engine", Fail, "refused", false},
		{"an engine closed to this user", func(m *machine) { m.silence = fs.ErrPermission }, "engine", Fail, "permission denied", false},
		{"without an engine the container is not tried", func(m *machine) { m.silence = errors.New("refused") }, "privileged", Warn, "not tried", false},
		{"an engine that refuses privileged containers", func(m *machine) { m.refusal = errors.New("apply caps") }, "privileged", Fail, "apply caps", false},
		{"control groups of version 1 work, with a note", func(m *machine) { m.cgroup = "1" }, "cgroup", OK, "version 1, which works", true},
		{"no control groups", func(m *machine) { m.cgroup = "" }, "cgroup", Fail, "none", false},
		{"no docker command", func(m *machine) { m.noCLI = errors.New("not found") }, "docker-cli", Fail, "cannot be run", false},
		{"the kernel's default of inotify instances is little", func(m *machine) { m.instances.value = 128 }, "inotify-instances", Warn, "128, wanted 512", true},
		{"too few inotify instances", func(m *machine) { m.instances.value = 16 }, "inotify-instances", Fail, "16", false},
		{"too few inotify watches", func(m *machine) { m.watches.value = 100 }, "inotify-watches", Fail, "100", false},
		{"few process numbers", func(m *machine) { m.pids.value = 4096 }, "pids", Warn, "4096", true},
		{"few open files", func(m *machine) { m.files.value = 1024 }, "open-files", Fail, "1024", false},
		{"open files without limit", func(m *machine) { m.files = limit("unlimited") }, "open-files", OK, "unlimited", true},
		{"little memory", func(m *machine) { m.memory.value = gib + gib/2 }, "memory", Warn, "1.5 GiB, wanted 2.0 GiB", true},
		{"too little memory", func(m *machine) { m.memory.value = gib / 2 }, "memory", Fail, "0.5 GiB", false},
		{"swap that is hardly used", func(*machine) {}, "swap", OK, "2.0 GiB, 0.0 GiB in use", true},
		{"no swap", func(m *machine) { m.swap.value, m.unswapped.value = 0, 0 }, "swap", OK, "none", true},
		{"a machine that swaps", func(m *machine) { m.unswapped.value = gib / 2 }, "swap", Warn, "1.5 GiB of 2.0 GiB in use", true},
		{"a full disk", func(m *machine) { m.disk.value = gib }, "disk", Fail, "1.0 GiB, wanted 10.0 GiB under /var/lib/docker", false},
		{"a disk that cannot be seen, as in a container", func(m *machine) { m.disk = reading{} }, "disk", OK, "cannot be read", true},
		{"few keyrings", func(m *machine) { m.keys.value = 100 }, "kernel-keyrings", Fail, "100", false},
		{"a free port", func(*machine) {}, "port-8080", OK, "free", true},
		{"our own port", func(m *machine) { m.ports[0] = port{number: 8080, holder: "greenbox", ours: true} }, "port-8080", OK, "held by Greenbox", true},
		{"a port of another program", func(m *machine) { m.ports[0] = port{number: 8080, holder: "nginx"} }, "port-8080", Fail, "held by nginx", false},
		{"a port of a program that cannot be seen", func(m *machine) { m.ports[0] = port{number: 8080} }, "port-8080", Fail, "another program", false},
	} {
		t.Run(row.name, func(t *testing.T) {
			m := healthy()
			row.change(&m)
			findings := m.judge()
			i := slices.IndexFunc(findings, func(f Finding) bool { return f.ID == row.id })
			if i < 0 {
				t.Fatalf("no finding %s", row.id)
			}
			f := findings[i]
			if f.Status != row.status || !strings.Contains(f.Found, row.found) {
				t.Errorf("%+v, want %s and %q", f, row.status, row.found)
			}
			if f.Why == "" || (f.Status == Fail) && f.Fix == "" {
				t.Errorf("says not why, or not what to do: %+v", f)
			}
			if CanRun(findings) != row.runs {
				t.Errorf("labs can run: %t", !row.runs)
			}
		})
	}
}

func TestFindingAsJSON(t *testing.T) {
	got, err := json.Marshal(Finding{ID: "pids", Status: OK, Found: "9", Why: "w"})
	if err != nil {
		t.Fatal(err)
	}
	if want := `{"id":"pids","status":"ok","found":"9","why":"w"}`; string(got) != want {
		t.Errorf("%s, want %s", got, want)
	}
}

func TestPortIsOursWhileWeListen(t *testing.T) {
	l, err := new(net.ListenConfig).Listen(t.Context(), "tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	number := l.Addr().(*net.TCPAddr).Port
	h := thisHost(func(string) {})
	if p := h.port(t.Context(), number); p.free || !p.ours {
		t.Errorf("while we listen: %+v", p)
	}
	if err := l.Close(); err != nil {
		t.Fatal(err)
	}
	if p := h.port(t.Context(), number); !p.free {
		t.Errorf("after we closed it: %+v", p)
	}
}

func TestListening(t *testing.T) {
	const table = `  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode
   0: 0100007F:1F90 0100007F:A001 01 00000000:00000000 00:00000000 00000000     0        0 111 1 0000000000000000 20 4 30 10 -1
   1: 0100007F:1F90 00000000:0000 0A 00000000:00000000 00:00000000 00000000     0        0 222 1 0000000000000000 100 0 0 10 0
`
	if inode, ok := listening(table, 8080); !ok || inode != "222" {
		t.Errorf("inode %q, %t", inode, ok)
	}
	if _, ok := listening(table, 8081); ok {
		t.Error("found a port that nobody listens on")
	}
}

func TestIntegrationExamine(t *testing.T) {
	openEngine(t)
	findings := Examine(t.Context(), nil)
	for _, f := range findings {
		t.Logf("%-18s %-5s %s", f.ID, f.Status, f.Found)
	}
	if !CanRun(findings) {
		t.Error("labs cannot run where the tests do")
	}
}
