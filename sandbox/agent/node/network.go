package node

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/netip"
	"os"
	"path/filepath"
	"time"
)

// setRoutes leads each peer's pods through the peer. ip changes nothing when the
// route is there, but is not asked on every round.
func (k *keeper) setRoutes(ctx context.Context, node Node, found map[string]netip.Addr) error {
	var failed []error
	for _, peer := range node.Peers {
		via, ok := found[peer.Name]
		last := k.routes[peer.PodCIDR]
		if !ok || !peer.PodCIDR.IsValid() || last.via == via && time.Since(last.at) < reroute {
			continue
		}
		if err := k.Run(ctx, "ip", "route", "replace", peer.PodCIDR.String(), "via", via.String()); err != nil {
			failed = append(failed, fmt.Errorf("route to the pods of %s: %w", peer.Name, err))
			continue
		}
		k.routes[peer.PodCIDR] = route{via: via, at: time.Now()}
	}
	return errors.Join(failed...)
}

// writeCNI gives pods addresses of podCIDR, unless a CNI configuration is there.
func (k *keeper) writeCNI(podCIDR netip.Prefix) error {
	if _, err := os.Stat(k.CNI); err == nil || !podCIDR.IsValid() {
		return nil
	}
	if err := os.MkdirAll(filepath.Dir(k.CNI), 0o755); err != nil { //nolint:gosec // G301: as the distribution's package makes it
		return fmt.Errorf("write the CNI configuration: %w", err)
	}
	content, err := json.MarshalIndent(conflist(podCIDR), "", "  ")
	if err != nil {
		return fmt.Errorf("write the CNI configuration: %w", err)
	}
	// Renamed into place: containerd watches the directory and would read half a file.
	half := k.CNI + ".new"
	if err := os.WriteFile(half, content, 0o644); err != nil { //nolint:gosec // G306: everyone may read it
		return fmt.Errorf("write the CNI configuration: %w", err)
	}
	if err := os.Rename(half, k.CNI); err != nil {
		return fmt.Errorf("write the CNI configuration: %w", err)
	}
	return nil
}

type object = map[string]any

// conflist is what kind's own network plugin writes, with its masquerading left
// to the node's rules. Addresses handed out are kept where a reboot forgets them, as it
// forgets the pods that had them.
func conflist(podCIDR netip.Prefix) object {
	return object{
		"cniVersion": "0.3.1",
		"name":       "greenbox",
		"plugins": []object{
			{
				"type":   "ptp",
				"ipMasq": false,
				"ipam": object{
					"type":    "host-local",
					"dataDir": "/run/cni-ipam-state",
					"routes":  []object{{"dst": "0.0.0.0/0"}},
					"ranges":  [][]object{{{"subnet": podCIDR.String()}}},
				},
			},
			{"type": "portmap", "capabilities": object{"portMappings": true}},
		},
	}
}
