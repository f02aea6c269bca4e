package engine

import (
	"fmt"
	"strconv"
)

const gib = 1 << 30

// What labs want of a machine. An idle cluster of two nodes was measured at
// 520 to 620 MiB; the rest are round figures with room for a few clusters.
var (
	needMemory = need{
		id: "memory", fail: gib, warn: 2 * gib, show: showBytes,
		why: "a lab's cluster takes about 600 MiB at rest, and more for what the learner runs on it",
		fix: "end other programs or sessions, or give the machine more memory",
	}
	needDisk = need{
		id: "disk", fail: 3 * gib, warn: 10 * gib, show: showBytes,
		why: "the engine keeps the node image and each cluster's data there",
		fix: "free space there (`docker system df` shows what the engine keeps), or move the engine's data root to a larger disk",
	}
	needInstances = need{
		id: "inotify-instances", fail: 64, warn: 512, show: showNumber,
		why: "systemd, kubelet and containerd of every node watch files; all nodes share this limit, and the next one fails with \"too many open files\"",
		fix: "as root: echo fs.inotify.max_user_instances=8192 >/etc/sysctl.d/60-greenbox-instances.conf && sysctl --system",
	}
	needWatches = need{
		id: "inotify-watches", fail: 8192, warn: 65536, show: showNumber,
		why: "every file watched on every node takes one, and all nodes share this limit",
		fix: "as root: echo fs.inotify.max_user_watches=524288 >/etc/sysctl.d/60-greenbox-watches.conf && sysctl --system",
	}
	needPids = need{
		id: "pids", fail: 2048, warn: 8192, show: showNumber,
		why: "a cluster runs hundreds of threads, and each takes a process number of the machine",
		fix: "as root: echo kernel.pid_max=4194304 >/etc/sysctl.d/60-greenbox-pids.conf && echo kernel.threads-max=100000 >>/etc/sysctl.d/60-greenbox-pids.conf && sysctl --system",
	}
	needFiles = need{
		id: "open-files", fail: 4096, warn: 16384, show: showNumber,
		why: "containers inherit this hard limit from the engine, and etcd and the API server keep many files open",
		fix: "raise the engine's limit: `systemctl edit docker` and add LimitNOFILE=1048576 under [Service], or `ulimit -Hn 1048576` before dockerd is started, then restart the engine",
	}
	needKeys = need{
		id: "kernel-keyrings", fail: 200, warn: 2000, show: showNumber,
		why: "the engine makes a kernel keyring for every container and pod; without one they do not start (\"disk quota exceeded\")",
		fix: "as root: echo kernel.keys.root_maxkeys=1000000 >/etc/sysctl.d/60-greenbox-keys.conf && sysctl --system",
	}
)

func showNumber(n uint64) string {
	if n >= 1<<62 {
		return "unlimited"
	}
	return strconv.FormatUint(n, 10)
}

func showBytes(n uint64) string { return fmt.Sprintf("%.1f GiB", float64(n)/gib) }
