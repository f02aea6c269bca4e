package node

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"net/netip"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"
)

const nodeJSON = `{"name":"node01","podCIDR":"10.244.1.0/24","peers":[{"name":"controlplane","host":"gb-control-plane","podCIDR":"10.244.0.0/24"}]}`

// machine is a node whose edges are recorded instead of touched.
type machine struct {
	Config
	mu        sync.Mutex // Keep runs in a goroutine of its own
	dns       map[string]string
	hostnames []string
	commands  []string
	broken    bool // commands fail
}

func newMachine(t *testing.T, nodeJSON, hosts string) *machine {
	t.Helper()
	dir := t.TempDir()
	m := &machine{dns: map[string]string{}}
	m.Config = Config{
		File:  filepath.Join(dir, "node.json"),
		Hosts: filepath.Join(dir, "hosts"),
		CNI:   filepath.Join(dir, "net.d", "10-greenbox.conflist"),
		Log:   slog.New(slog.DiscardHandler),
		Resolve: func(_ context.Context, host string) ([]netip.Addr, error) {
			m.mu.Lock()
			defer m.mu.Unlock()
			if addr, ok := m.dns[host]; ok {
				return []netip.Addr{netip.MustParseAddr(addr)}, nil
			}
			return nil, errors.New("no such host")
		},
		Self: func(netip.Addr) (netip.Addr, error) { return netip.MustParseAddr("172.30.0.3"), nil },
		SetHostname: func(name string) error {
			m.mu.Lock()
			defer m.mu.Unlock()
			m.hostnames = append(m.hostnames, name)
			return nil
		},
		Run: func(_ context.Context, argv ...string) error {
			m.mu.Lock()
			defer m.mu.Unlock()
			m.commands = append(m.commands, strings.Join(argv, " "))
			if m.broken {
				return errors.New("exit status 2")
			}
			return nil
		},
	}
	if nodeJSON != "" {
		must(t, os.WriteFile(m.File, []byte(nodeJSON), 0o600))
	}
	must(t, os.WriteFile(m.Hosts, []byte(hosts), 0o600))
	return m
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func read(t *testing.T, path string) string {
	t.Helper()
	content, err := os.ReadFile(path)
	must(t, err)
	return string(content)
}

func TestHosts(t *testing.T) {
	const docker = "127.0.0.1\tlocalhost\n172.30.0.3\tgb-worker\n"
	const block = hostsBegin + "\n172.30.0.3\tnode01\n172.30.0.2\tcontrolplane\n" + hostsEnd + "\n"
	for _, row := range []struct {
		name, before string
		dns          map[string]string
		after        string
	}{
		{"the nodes are added behind what Docker wrote", docker, map[string]string{"gb-control-plane": "172.30.0.2"}, docker + block},
		{"a missing last newline is mended first", "127.0.0.1 localhost", map[string]string{"gb-control-plane": "172.30.0.2"}, "127.0.0.1 localhost\n" + block},
		{"what is right stays untouched", docker + block, map[string]string{"gb-control-plane": "172.30.0.2"}, docker + block},
		{"a new address replaces the old one, and a shorter file is cut", docker + strings.ReplaceAll(block, "172.30.0.2", "172.130.100.200"),
			map[string]string{"gb-control-plane": "172.30.0.2"}, docker + block},
		{"the learner's lines stay, before and behind", "1.2.3.4 mine\n" + block + "5.6.7.8 mine-too\n", map[string]string{"gb-control-plane": "172.30.0.2"}, "1.2.3.4 mine\n5.6.7.8 mine-too\n" + block},
		{"a peer that cannot be found just now keeps its line", docker + block, nil, docker + block},
		{"with no peer known nothing is written", docker, nil, docker},
		{"a block whose end was lost is written anew", docker + strings.TrimSuffix(block, hostsEnd+"\n"), map[string]string{"gb-control-plane": "172.30.0.2"}, docker + block},
	} {
		t.Run(row.name, func(t *testing.T) {
			m := newMachine(t, nodeJSON, row.before)
			m.dns = row.dns
			k := keeper{Config: m.Config, routes: map[netip.Prefix]route{}}
			err := k.round(t.Context())
			if (err != nil) != (row.dns == nil) {
				t.Errorf("the round says %v", err)
			}
			if after := read(t, m.Hosts); after != row.after {
				t.Errorf("got\n%swant\n%s", after, row.after)
			}
		})
	}
}

func TestKeepFollowsAClusterThroughItsLife(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		m := newMachine(t, "", "127.0.0.1 localhost\n")
		ctx, cancel := context.WithCancel(t.Context())
		done := make(chan error, 1)
		go func() { done <- Keep(ctx, m.Config) }()

		step := func(what string, d time.Duration, routes []string, name string) {
			t.Helper()
			time.Sleep(d)
			synctest.Wait()
			m.mu.Lock()
			defer m.mu.Unlock()
			got := slices.DeleteFunc(slices.Clone(m.commands), func(c string) bool { return !strings.HasPrefix(c, "ip route") })
			m.commands = nil
			if !slices.Equal(got, routes) {
				t.Errorf("%s: ran %q", what, got)
			}
			if hostname := fmt.Sprint(m.hostnames); hostname != name {
				t.Errorf("%s: hostnames %s", what, hostname)
			}
		}
		move := func(addr string) {
			m.mu.Lock()
			defer m.mu.Unlock()
			m.dns["gb-control-plane"] = addr
		}
		const toPeer, toMoved = "ip route replace 10.244.0.0/24 via 172.30.0.2", "ip route replace 10.244.0.0/24 via 172.30.0.9"
		step("before there is a node.json", time.Minute, nil, "[]")
		must(t, os.WriteFile(m.File, []byte(nodeJSON), 0o600))
		step("while the peer cannot be found", 15*time.Second, nil, "[node01]")
		move("172.30.0.2")
		step("when it is found", 5*time.Second, []string{toPeer}, "[node01]")
		step("while nothing changes", 50*time.Second, nil, "[node01]")
		step("once a minute all the same", 20*time.Second, []string{toPeer}, "[node01]")
		move("172.30.0.9")
		step("when it restarted elsewhere", 6*time.Second, []string{toMoved}, "[node01]")
		if !strings.Contains(read(t, m.Hosts), "172.30.0.9\tcontrolplane\n") {
			t.Errorf("hosts: %s", read(t, m.Hosts))
		}
		cancel()
		must(t, <-done)
	})
}

func TestFailingCommandsAreTriedAgain(t *testing.T) {
	m := newMachine(t, nodeJSON, "")
	m.dns["gb-control-plane"], m.broken = "172.30.0.2", true
	k := keeper{Config: m.Config, routes: map[netip.Prefix]route{}}
	if err := k.round(t.Context()); err == nil || !strings.Contains(err.Error(), "route to the pods of controlplane") {
		t.Errorf("the round says %v", err)
	}
	m.broken = false
	must(t, k.round(t.Context()))
	ran := len(m.commands)
	must(t, k.round(t.Context()))
	if len(m.commands) != ran {
		t.Errorf("a quiet round ran %q", m.commands[ran:])
	}
}

func TestCNIConfigurationIsWrittenOnce(t *testing.T) {
	m := newMachine(t, nodeJSON, "")
	k := keeper{Config: m.Config, routes: map[netip.Prefix]route{}}
	_ = k.round(t.Context()) // the peer is missing; that is not what this is about
	var written struct {
		Plugins []struct {
			Type string
			IPAM struct{ Ranges [][]struct{ Subnet string } }
		}
	}
	must(t, json.Unmarshal([]byte(read(t, m.CNI)), &written))
	if len(written.Plugins) != 2 || written.Plugins[0].IPAM.Ranges[0][0].Subnet != "10.244.1.0/24" || written.Plugins[1].Type != "portmap" {
		t.Errorf("%+v", written)
	}
	must(t, os.WriteFile(m.CNI, []byte("the learner's"), 0o600))
	_ = k.round(t.Context()) // as above
	if content := read(t, m.CNI); content != "the learner's" {
		t.Errorf("overwritten with %s", content)
	}
}

func TestPodsBorrowTheNodesAddressOnlyOutside(t *testing.T) {
	m := newMachine(t, nodeJSON, "")
	k := keeper{Config: m.Config, routes: map[netip.Prefix]route{}}
	for range 2 {
		_ = k.round(t.Context()) // the peer is missing; that is not what this is about
	}
	want := []string{
		"iptables -w -t nat -N GREENBOX-MASQ",
		"iptables -w -t nat -F GREENBOX-MASQ",
		"iptables -w -t nat -A GREENBOX-MASQ -d 10.244.1.0/24 -j RETURN",
		"iptables -w -t nat -A GREENBOX-MASQ -d 10.244.0.0/24 -j RETURN",
		"iptables -w -t nat -A GREENBOX-MASQ -j MASQUERADE",
		"iptables -w -t nat -C POSTROUTING -s 10.244.1.0/24 -j GREENBOX-MASQ",
	}
	if !slices.Equal(m.commands, want) {
		t.Errorf("ran %q", m.commands)
	}
}

func TestBadNodeFileIsNamed(t *testing.T) {
	m := newMachine(t, `{"name": 7}`, "")
	k := keeper{Config: m.Config, routes: map[netip.Prefix]route{}}
	if err := k.round(t.Context()); err == nil || !strings.Contains(err.Error(), m.File) {
		t.Errorf("the round says %v", err)
	}
}

func TestLocalAddressIsHowThePeerSeesUs(t *testing.T) {
	local, err := localAddress(netip.MustParseAddr("127.0.0.1"))
	if err != nil || local != netip.MustParseAddr("127.0.0.1") {
		t.Errorf("%v, %v", local, err)
	}
}
