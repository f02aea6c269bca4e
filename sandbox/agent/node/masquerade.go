package node

import (
	"context"
	"fmt"
	"net/netip"
)

// chain is ours in the nat table.
const chain = "GREENBOX-MASQ"

// masquerade lends pods the node's address when they speak to anything but pods,
// so that they reach the node's network and what lies beyond; between pods the
// addresses stay. It is done once for a set of nodes.
func (k *keeper) masquerade(ctx context.Context, node Node) error {
	pods := []netip.Prefix{node.PodCIDR}
	for _, peer := range node.Peers {
		pods = append(pods, peer.PodCIDR)
	}
	key := fmt.Sprint(pods)
	if key == k.masqueraded || !node.PodCIDR.IsValid() {
		return nil
	}
	if err := k.writeChain(ctx, pods); err != nil {
		return fmt.Errorf("masquerade pods: %w", err)
	}
	k.masqueraded = key
	return nil
}

// writeChain fills our chain, then leads our own pods' packets, pods[0], to it.
func (k *keeper) writeChain(ctx context.Context, pods []netip.Prefix) error {
	nat := func(args ...string) error {
		return k.Run(ctx, append([]string{"iptables", "-w", "-t", "nat"}, args...)...)
	}
	_ = nat("-N", chain) // fails when it is there; when it could not be made, the next says so
	if err := nat("-F", chain); err != nil {
		return err
	}
	for _, cidr := range pods {
		if err := nat("-A", chain, "-d", cidr.String(), "-j", "RETURN"); err != nil {
			return err
		}
	}
	if err := nat("-A", chain, "-j", "MASQUERADE"); err != nil {
		return err
	}
	jump := []string{"POSTROUTING", "-s", pods[0].String(), "-j", chain}
	if nat(append([]string{"-C"}, jump...)...) == nil {
		return nil
	}
	return nat(append([]string{"-A"}, jump...)...)
}
