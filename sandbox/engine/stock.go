package engine

import "math"

// Stock is what a machine has for clusters, now. What cannot be read counts as plenty.
type Stock struct {
	Memory    uint64 // bytes that could be used without swapping
	Disk      uint64 // bytes free under the engine's data root
	Instances uint64 // inotify instances that one user may have, used ones included
	Watches   uint64 // inotify watches that one user may have, used ones included
}

// TakeStock reads the machine, which takes well under a millisecond.
func TakeStock(dataRoot string) Stock {
	s := thisHost(func(string) {}).stock(dataRoot)
	return Stock{s.memory.orPlenty(), s.disk.orPlenty(), s.instances.orPlenty(), s.watches.orPlenty()}
}

// stock is a Stock as it was read.
type stock struct {
	memory    reading
	disk      reading
	instances reading
	watches   reading
}

func (h *host) stock(dataRoot string) stock {
	return stock{
		memory: h.available(), disk: free(h.path(dataRoot)),
		instances: h.number("/proc/sys/fs/inotify/max_user_instances"),
		watches:   h.number("/proc/sys/fs/inotify/max_user_watches"),
	}
}

func (r reading) orPlenty() uint64 {
	if !r.known {
		return math.MaxInt64
	}
	return r.value
}
