package engine

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"strings"
)

// Examine looks at all that a lab needs of the engine and its machine, the given
// loopback ports included. It changes nothing but for a moment's privileged
// container, needs no root, though as root it sees more, and blocks for about a second.
func Examine(ctx context.Context, ports []int) []Finding {
	return thisHost(func(string) {}).readMachine(ctx, ports).judge()
}

func (m machine) judge() []Finding {
	findings := []Finding{
		m.judgeEngine(), m.judgePrivileged(), m.judgeCgroup(), m.judgeCLI(),
		needMemory.judge(m.memory), m.judgeSwap(), m.judgeDisk(),
		needInstances.judge(m.instances), needWatches.judge(m.watches),
		needPids.judge(m.pids), needFiles.judge(m.files), needKeys.judge(m.keys),
	}
	for _, p := range m.ports {
		findings = append(findings, p.judge())
	}
	return findings
}

func (m machine) judgeEngine() Finding {
	f := Finding{ID: "engine", Status: OK, Why: "every lab's cluster runs as containers of a Docker Engine"}
	if m.silence != nil {
		f.Status, f.Found = Fail, fmt.Sprintf("none answers at %s (%v)", m.host, m.silence)
		f.Fix = "run `greenbox up` as root, which installs or starts one, or " + manual
		if errors.Is(m.silence, fs.ErrPermission) {
			f.Fix = "run this as root, or add the user to the group docker (`usermod -aG docker NAME`) and log in again"
		}
		return f
	}
	f.Found = fmt.Sprintf("Docker Engine %s at %s", m.version, m.host)
	return f
}

func (m machine) judgePrivileged() Finding {
	f := Finding{ID: "privileged", Status: OK, Found: "a privileged container ran", Why: "a cluster's nodes are privileged containers"}
	switch {
	case m.silence != nil:
		f.Status, f.Found = Warn, "not tried: no engine answers"
	case m.refusal != nil:
		f.Status, f.Found = Fail, m.refusal.Error()
		f.Fix = "update Docker Engine to version 24 or newer and containerd to 1.7 or newer (run `greenbox up` as root when Greenbox installed it); inside a container or a rootless engine, use the machine's own engine"
	}
	return f
}

func (m machine) judgeCgroup() Finding {
	f := Finding{ID: "cgroup", Status: OK, Found: "version " + m.cgroup, Why: "Kubernetes limits and counts what pods use by control groups"}
	switch m.cgroup {
	case "1":
		f.Found += ", which works: kubelets are told to accept it, though newer systems use version 2"
	case "":
		f.Status, f.Found = Fail, "none mounted"
		f.Fix = "mount control groups: mount -t cgroup2 none /sys/fs/cgroup"
	}
	return f
}

func (m machine) judgeCLI() Finding {
	f := Finding{ID: "docker-cli", Status: OK, Found: strings.TrimSpace(m.cli), Why: "kind makes clusters by calling the docker command"}
	if m.noCLI != nil {
		f.Status, f.Found = Fail, "the docker command cannot be run"
		f.Fix = "install it: apt-get install docker-cli, or docker.io where the distribution has no such package"
	}
	return f
}

// judgeSwap warns of a machine that swaps: nodes themselves never do.
func (m machine) judgeSwap() Finding {
	f := Finding{ID: "swap", Status: OK, Found: "cannot be read here", Why: "nodes use none, but what else runs here does: while the machine swaps, terminals answer late"}
	switch used := m.swap.value - min(m.unswapped.value, m.swap.value); {
	case !m.swap.known || !m.unswapped.known:
	case m.swap.value == 0:
		f.Found = "none, which is fine"
	case used > m.swap.value/2:
		f.Status, f.Found = Warn, fmt.Sprintf("%s of %s in use", showBytes(used), showBytes(m.swap.value))
		f.Fix = "end other programs or sessions, or give the machine more memory; `free -h` shows what is in use"
	default:
		f.Found = fmt.Sprintf("%s, %s in use", showBytes(m.swap.value), showBytes(used))
	}
	return f
}

func (m machine) judgeDisk() Finding {
	f := needDisk.judge(m.disk)
	if m.disk.known {
		f.Found += " under " + m.diskOf
	}
	return f
}

func (p port) judge() Finding {
	f := Finding{
		ID: fmt.Sprintf("port-%d", p.number), Status: OK, Found: "free",
		Why: "the page is served on this port of the loopback address",
	}
	switch {
	case p.free:
	case p.ours:
		f.Found = "held by Greenbox, which is running"
	default:
		f.Status, f.Found = Fail, "held by "+orAnother(p.holder)
		f.Fix = "end that program, or give Greenbox another port with --addr"
	}
	return f
}

func orAnother(program string) string {
	if program == "" {
		return "another program"
	}
	return program
}
