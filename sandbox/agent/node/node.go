// Package node keeps what a node of a cluster needs to find the others, as the
// file node.json beside it describes: the hostname the learner sees, the nodes'
// names in /etc/hosts, a route to each peer's pods, and the CNI configuration.
// Containers get new addresses when they restart and lose all of this, so Keep
// looks again every few seconds for as long as the agent runs, and changes only
// what is not so; the learner's own lines in /etc/hosts stay.
//
// It knows no cluster: a node that has no node.json (yet) is left alone.
package node

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"net"
	"net/netip"
	"os"
	"os/exec"
	"time"

	"golang.org/x/sys/unix"
)

// Node is the content of node.json.
type Node struct {
	Name    string       `json:"name"`
	PodCIDR netip.Prefix `json:"podCIDR"`
	Peers   []Peer       `json:"peers"`
}

// Peer is another node of the cluster.
type Peer struct {
	Name    string       `json:"name"`
	Host    string       `json:"host"` // what the network's DNS calls it
	PodCIDR netip.Prefix `json:"podCIDR"`
}

// Config says where things are, and what touches the machine.
type Config struct {
	File  string // node.json
	Hosts string // /etc/hosts
	CNI   string // the CNI configuration, written once

	Resolve     func(ctx context.Context, host string) ([]netip.Addr, error)
	Self        func(peer netip.Addr) (netip.Addr, error) // our address as that peer sees it
	SetHostname func(name string) error
	Run         func(ctx context.Context, argv ...string) error
	Log         *slog.Logger
}

// DefaultConfig is a node's own places and means.
func DefaultConfig(log *slog.Logger) Config {
	return Config{
		File:  "/etc/greenbox/node.json",
		Hosts: "/etc/hosts",
		CNI:   "/etc/cni/net.d/10-greenbox.conflist",
		Resolve: func(ctx context.Context, host string) ([]netip.Addr, error) {
			return net.DefaultResolver.LookupNetIP(ctx, "ip4", host)
		},
		Self:        localAddress,
		SetHostname: func(name string) error { return unix.Sethostname([]byte(name)) },
		Run:         run,
		Log:         log,
	}
}

// errNoNode says that nobody has told what this node is, so far.
var errNoNode = errors.New("no node.json yet")

const (
	soon         = 500 * time.Millisecond // between looks while something is missing
	later        = 5 * time.Second        // between looks once all is well
	roundTimeout = 5 * time.Second
	reroute      = time.Minute // between repetitions of routes that should still be there
)

// Keep looks after the node until ctx ends. What does not work is logged when it
// is new, and tried again.
func Keep(ctx context.Context, cfg Config) error {
	keeper := keeper{Config: cfg, routes: map[netip.Prefix]route{}}
	complaint, failures := "", 0
	for {
		err := keeper.round(ctx)
		if said := fmt.Sprint(err); said != complaint && ctx.Err() == nil {
			complaint = said
			keeper.Log.Info("node set-up", "error", err)
		}
		failures++
		if err == nil {
			failures = 0
		}
		select {
		case <-ctx.Done():
			return nil
		case <-time.After(pause(err, failures)):
		}
	}
}

// pause is short while something is about to appear, and grows where it does not.
func pause(err error, failures int) time.Duration {
	switch {
	case errors.Is(err, errNoNode):
		return soon
	case err == nil:
		return later
	default:
		return min(time.Duration(failures)*soon, later)
	}
}

// keeper remembers what it has done, so that a quiet node costs nothing.
type keeper struct {
	Config
	named       string
	masqueraded string // for these pods
	routes      map[netip.Prefix]route
}

type route struct {
	via netip.Addr
	at  time.Time
}

// round makes everything so, as far as it can; the error says what is missing.
func (k *keeper) round(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, roundTimeout)
	defer cancel()
	node, err := k.read()
	if err != nil {
		return err
	}
	found, missing := k.find(ctx, node)
	return errors.Join(
		k.setName(node.Name),
		k.writeCNI(node.PodCIDR),
		k.writeHosts(node, found),
		k.setRoutes(ctx, node, found),
		k.masquerade(ctx, node),
		missing,
	)
}

func (k *keeper) read() (Node, error) {
	content, err := os.ReadFile(k.File)
	if errors.Is(err, fs.ErrNotExist) {
		return Node{}, errNoNode
	}
	if err != nil {
		return Node{}, err
	}
	var node Node
	if err := json.Unmarshal(content, &node); err != nil {
		return Node{}, fmt.Errorf("read %s: %w", k.File, err)
	}
	return node, nil
}

func (k *keeper) setName(name string) error {
	if name == k.named {
		return nil
	}
	if err := k.SetHostname(name); err != nil {
		return fmt.Errorf("set the hostname: %w", err)
	}
	k.named = name
	return nil
}

// find returns the addresses of the peers that the network knows, by name.
func (k *keeper) find(ctx context.Context, node Node) (map[string]netip.Addr, error) {
	found := map[string]netip.Addr{}
	var missing []error
	for _, peer := range node.Peers {
		addrs, err := k.Resolve(ctx, peer.Host)
		if err == nil && len(addrs) == 0 {
			err = errors.New("no address")
		}
		if err != nil {
			missing = append(missing, fmt.Errorf("find node %s: %w", peer.Name, err))
			continue
		}
		found[peer.Name] = addrs[0].Unmap()
	}
	return found, errors.Join(missing...)
}

// localAddress asks the kernel from where it would send to peer; nothing is sent.
func localAddress(peer netip.Addr) (netip.Addr, error) {
	conn, err := net.DialUDP("udp", nil, net.UDPAddrFromAddrPort(netip.AddrPortFrom(peer, 9)))
	if err != nil {
		return netip.Addr{}, err
	}
	defer func() { _ = conn.Close() }() // nothing was sent
	local, ok := conn.LocalAddr().(*net.UDPAddr)
	if !ok {
		return netip.Addr{}, errors.New("no local address")
	}
	return local.AddrPort().Addr().Unmap(), nil
}

func run(ctx context.Context, argv ...string) error {
	output, err := exec.CommandContext(ctx, argv[0], argv[1:]...).CombinedOutput() //nolint:gosec // G204: our own commands
	if err != nil {
		return fmt.Errorf("%v: %w: %s", argv, err, output)
	}
	return nil
}
