package engine

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
)

// listener names the program that listens on a TCP port, or nothing: only root
// sees the files of other users' programs.
func (h *host) listener(port int) string {
	for _, table := range []string{"/proc/net/tcp", "/proc/net/tcp6"} {
		text, err := h.read(table)
		if err != nil {
			continue
		}
		if inode, ok := listening(text, port); ok {
			return h.owner("socket:[" + inode + "]")
		}
	}
	return ""
}

// listening finds the inode of a listening socket in a table of the kernel's.
func listening(table string, port int) (inode string, ok bool) {
	const listen = "0A"
	suffix := fmt.Sprintf(":%04X", port)
	for line := range strings.Lines(table) {
		f := strings.Fields(line)
		if len(f) > 9 && strings.HasSuffix(f[1], suffix) && f[3] == listen {
			return f[9], true
		}
	}
	return "", false
}

// owner names a program that has an open file, known by what its link says.
func (h *host) owner(file string) string {
	links, _ := filepath.Glob(h.path("/proc/[0-9]*/fd/*")) // the pattern is well formed
	for _, link := range links {
		if target, err := os.Readlink(link); err != nil || target != file {
			continue
		}
		name, err := os.ReadFile(filepath.Join(filepath.Dir(filepath.Dir(link)), "comm"))
		if err == nil {
			return strings.TrimSpace(string(name))
		}
	}
	return ""
}
