package node

import (
	"fmt"
	"net/netip"
	"os"
	"strings"
)

const (
	hostsBegin = "# greenbox: the nodes of this cluster"
	hostsEnd   = "# greenbox: end"
)

// writeHosts keeps the nodes' lines in the hosts file: those of the peers that
// were found, and our own. A peer that cannot be found just now keeps its line.
func (k *keeper) writeHosts(node Node, found map[string]netip.Addr) error {
	old, err := os.ReadFile(k.Hosts)
	if err != nil {
		return fmt.Errorf("read the hosts file: %w", err)
	}
	rest, known := splitHosts(string(old))
	for name, addr := range found {
		known[name] = addr
	}
	for _, addr := range found {
		if self, err := k.Self(addr); err == nil {
			known[node.Name] = self
			break
		}
	}
	block := hostsBlock(node, known)
	if block == "" || rest+block == string(old) {
		return nil
	}
	return overwrite(k.Hosts, []byte(rest+block))
}

// splitHosts takes our lines out of a hosts file.
func splitHosts(content string) (rest string, known map[string]netip.Addr) {
	known = map[string]netip.Addr{}
	var kept strings.Builder
	ours := false
	for line := range strings.Lines(content) {
		switch trimmed := strings.TrimSpace(line); {
		case trimmed == hostsBegin:
			ours = true
		case trimmed == hostsEnd:
			ours = false
		case !ours:
			kept.WriteString(line)
		default:
			if fields := strings.Fields(line); len(fields) == 2 {
				if addr, err := netip.ParseAddr(fields[0]); err == nil {
					known[fields[1]] = addr
				}
			}
		}
	}
	rest = kept.String()
	if rest != "" && !strings.HasSuffix(rest, "\n") {
		rest += "\n"
	}
	return rest, known
}

// hostsBlock is our part of a hosts file; empty when no node is known.
func hostsBlock(node Node, known map[string]netip.Addr) string {
	names := []string{node.Name}
	for _, peer := range node.Peers {
		names = append(names, peer.Name)
	}
	var lines strings.Builder
	for _, name := range names {
		if addr, ok := known[name]; ok {
			fmt.Fprintf(&lines, "%s\t%s\n", addr, name)
		}
	}
	if lines.Len() == 0 {
		return ""
	}
	return hostsBegin + "\n" + lines.String() + hostsEnd + "\n"
}

// overwrite replaces the content in place: in a container the hosts file is a
// mount, which cannot be renamed over. It is at no time shorter than both.
func overwrite(path string, content []byte) error {
	file, err := os.OpenFile(path, os.O_WRONLY, 0) //nolint:gosec // G304: the hosts file of the configuration
	if err != nil {
		return fmt.Errorf("write the hosts file: %w", err)
	}
	_, err = file.Write(content)
	if err == nil {
		err = file.Truncate(int64(len(content)))
	}
	if closed := file.Close(); err == nil {
		err = closed
	}
	if err != nil {
		return fmt.Errorf("write the hosts file: %w", err)
	}
	return nil
}
