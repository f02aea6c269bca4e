package engine

import (
	"context"
	"net"
	"strconv"
	"strings"

	"github.com/moby/moby/client"
	"golang.org/x/sys/unix"
)

// machine is what the doctor judges, as it was read.
type machine struct {
	host    string // the engine's address
	silence error  // why no engine answers; nil when one does
	version string // of the engine
	refusal error  // why no privileged container runs; nil when one does
	cgroup  string // "1", "2" or, unknown, empty
	noCLI   error  // why the docker command cannot be used
	cli     string // its version
	pids    reading
	files   reading
	stock
	diskOf    string // the directory that disk is of
	swap      reading
	unswapped reading // what of it is free
	keys      reading
	ports     []port
}

// readMachine asks the engine and the machine; what cannot be read is left out.
func (h *host) readMachine(ctx context.Context, ports []int) machine {
	m := machine{
		host: h.address(), cgroup: h.cgroup(), diskOf: dockerData,
		keys:  h.number("/proc/sys/kernel/keys/root_maxkeys"),
		pids:  least(h.number("/proc/sys/kernel/pid_max"), h.number("/proc/sys/kernel/threads-max")),
		files: h.openFiles(),
		swap:  h.meminfo("SwapTotal:"), unswapped: h.meminfo("SwapFree:"),
	}
	m.cli, m.noCLI = h.run(ctx, "docker", "--version")
	h.askEngine(ctx, &m)
	m.stock = h.stock(m.diskOf)
	for _, number := range ports {
		m.ports = append(m.ports, h.port(ctx, number))
	}
	return m
}

func (h *host) askEngine(ctx context.Context, m *machine) {
	e, err := h.open(ctx)
	if err != nil {
		m.silence = err
		return
	}
	defer h.leave(e)
	m.refusal = h.probe(ctx, e)
	info, err := e.client.Info(ctx, client.InfoOptions{})
	if err != nil {
		m.silence = err
		return
	}
	m.version, m.cgroup, m.diskOf = info.Info.ServerVersion, info.Info.CgroupVersion, info.Info.DockerRootDir
}

// cgroup is the version that the machine itself uses.
func (h *host) cgroup() string {
	switch {
	case h.exists("/sys/fs/cgroup/cgroup.controllers"):
		return "2"
	case h.exists("/sys/fs/cgroup/cpu"), h.exists("/sys/fs/cgroup/memory"):
		return "1"
	}
	return ""
}

func (h *host) number(file string) reading {
	text, err := h.read(file)
	if err != nil {
		return reading{}
	}
	value, err := strconv.ParseUint(strings.TrimSpace(text), 10, 64)
	return reading{value: value, known: err == nil}
}

// least is the smaller of what is known.
func least(a, b reading) reading {
	if !a.known || b.known && b.value < a.value {
		return b
	}
	return a
}

// openFiles is the hard limit that containers inherit: the engine's, else ours.
func (h *host) openFiles() reading {
	who := "self"
	if pid, err := h.read("/run/docker.pid"); err == nil && h.runs(pid, "dockerd") {
		who = strings.TrimSpace(pid)
	}
	text, err := h.read("/proc/" + who + "/limits")
	if err != nil {
		return reading{}
	}
	for line := range strings.Lines(text) {
		if rest, ok := strings.CutPrefix(line, "Max open files"); ok {
			if fields := strings.Fields(rest); len(fields) > 1 {
				return limit(fields[1])
			}
		}
	}
	return reading{}
}

// limit reads a number or the word unlimited.
func limit(text string) reading {
	if text == "unlimited" {
		return reading{value: 1 << 62, known: true}
	}
	value, err := strconv.ParseUint(text, 10, 64)
	return reading{value: value, known: err == nil}
}

// available is the memory, in bytes, that could be used without swapping.
func (h *host) available() reading { return h.meminfo("MemAvailable:") }

// meminfo is a line of /proc/meminfo, in bytes.
func (h *host) meminfo(name string) reading {
	text, err := h.read("/proc/meminfo")
	if err != nil {
		return reading{}
	}
	for line := range strings.Lines(text) {
		if fields := strings.Fields(line); len(fields) > 1 && fields[0] == name {
			r := limit(fields[1])
			r.value <<= 10
			return r
		}
	}
	return reading{}
}

// free is what a directory's disk has left, in bytes.
func free(dir string) reading {
	var s unix.Statfs_t
	if err := unix.Statfs(dir, &s); err != nil {
		return reading{}
	}
	return reading{value: s.Bavail * uint64(s.Bsize), known: true} //nolint:gosec // a block's size is positive
}

// port is a TCP port on the loopback address.
type port struct {
	number int
	free   bool
	holder string // the program that has it; empty when that cannot be seen
	ours   bool   // that program is this one
}

func (h *host) port(ctx context.Context, number int) port {
	p := port{number: number}
	l, err := new(net.ListenConfig).Listen(ctx, "tcp", net.JoinHostPort("127.0.0.1", strconv.Itoa(number)))
	if err == nil {
		p.free = true
		_ = l.Close() // nothing was written to it
		return p
	}
	p.holder = h.listener(number)
	self, err := h.read("/proc/self/comm")
	p.ours = err == nil && p.holder != "" && p.holder == strings.TrimSpace(self)
	return p
}
