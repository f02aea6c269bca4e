package engine

import (
	"fmt"
	"strconv"
)

// limits are of the kernel, shared by the nodes of every cluster, and small by
// default: a cluster takes about 41 inotify instances, and kernels start with 128.
var limits = []struct {
	file string
	want uint64
}{
	{"/proc/sys/fs/inotify/max_user_instances", 8192},
	{"/proc/sys/fs/inotify/max_user_watches", 524288},
}

// raise lifts the kernel's limits until the next boot, where that may be done. It
// is no error where it may not: the doctor says what is too low, and for how long
// it will do.
func (h *host) raise() {
	if h.uid != 0 || h.named != "" {
		return
	}
	for _, l := range limits {
		now := h.number(l.file)
		if !now.known || now.value >= l.want {
			continue
		}
		if err := h.write(l.file, strconv.FormatUint(l.want, 10)); err == nil {
			h.report(fmt.Sprintf("raised %s from %d to %d, until the next boot", l.file, now.value, l.want))
		}
	}
}
