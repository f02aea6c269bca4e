package kind

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"net"
	"net/netip"

	"github.com/containerd/errdefs"
	"github.com/greenbox-lab/greenbox/sandbox/cluster"
	"github.com/moby/moby/api/types/network"
	"github.com/moby/moby/client"
)

// subnetBits is the size of a cluster's network: 13 addresses for nodes.
const subnetBits = 28

// errNoSubnet says that the whole range is taken.
var errNoSubnet = errors.New("no free subnet is left for another cluster: end sessions, or give a larger --subnets range")

// createNetwork makes the network that is named and labelled for the cluster.
func (p *Provider) createNetwork(ctx context.Context, name string, l cluster.Labels) error {
	taken, err := hostNetworks()
	if err != nil {
		return err
	}
	for _, subnet := range candidates(p.cfg.Range, taken) {
		_, err := p.cfg.Engine.Client().NetworkCreate(ctx, name, client.NetworkCreateOptions{
			Driver: "bridge",
			IPAM:   &network.IPAM{Driver: "default", Config: []network.IPAMConfig{{Subnet: subnet}}},
			Labels: p.labelsOf(name, l),
		})
		if err == nil {
			return nil
		}
		if !errdefs.IsPermissionDenied(err) && !errdefs.IsInvalidArgument(err) { // how engines refuse a subnet that overlaps
			return fmt.Errorf("make the cluster's network: %w", err)
		}
		p.cfg.Log.Debug("subnet taken", "subnet", subnet, "err", err)
	}
	return errNoSubnet
}

// candidates are the subnets of a range that overlap nothing in taken, in an
// order that differs from call to call, so that two calls at once rarely collide.
func candidates(within netip.Prefix, taken []netip.Prefix) []netip.Prefix {
	var free []netip.Prefix
	first := within.Masked().Addr().As4()
	base := uint32(first[0])<<24 | uint32(first[1])<<16 | uint32(first[2])<<8 | uint32(first[3])
	for i := range uint32(1) << (subnetBits - within.Bits()) {
		n := base + i<<(32-subnetBits)
		subnet := netip.PrefixFrom(netip.AddrFrom4([4]byte{byte(n >> 24), byte(n >> 16), byte(n >> 8), byte(n)}), subnetBits) //nolint:gosec // the bytes of n
		if !overlapsAny(subnet, taken) {
			free = append(free, subnet)
		}
	}
	rand.Shuffle(len(free), func(i, j int) { free[i], free[j] = free[j], free[i] }) //nolint:gosec // spreading, not secrecy
	return free
}

func overlapsAny(p netip.Prefix, others []netip.Prefix) bool {
	for _, o := range others {
		if p.Overlaps(o) {
			return true
		}
	}
	return false
}

// hostNetworks are the networks this machine is on, other bridges included.
func hostNetworks() ([]netip.Prefix, error) {
	addrs, err := net.InterfaceAddrs()
	if err != nil {
		return nil, fmt.Errorf("networks of this machine: %w", err)
	}
	routes, err := readRoutes("/proc/net/route")
	if err != nil {
		return nil, err
	}
	for _, a := range addrs {
		if p, err := netip.ParsePrefix(a.String()); err == nil && p.Addr().Is4() {
			routes = append(routes, p.Masked())
		}
	}
	return routes, nil
}

// CheckRange says why subnets cannot be taken from a range.
func CheckRange(r netip.Prefix) error {
	if !r.Addr().Is4() || !r.Addr().IsPrivate() || r.Bits() > subnetBits || r.Bits() < 8 {
		return fmt.Errorf("--subnets %s: give a private IPv4 range of /8 to /%d, such as 10.213.0.0/16", r, subnetBits)
	}
	return nil
}
