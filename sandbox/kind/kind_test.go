package kind

import (
	"errors"
	"net/netip"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/greenbox-lab/greenbox/labs"
	"github.com/greenbox-lab/greenbox/sandbox/cluster"
	"github.com/moby/moby/api/types/container"
)

func TestConfigurationFitsTheHost(t *testing.T) {
	for name, row := range map[string]struct {
		host       hostFacts
		has, lacks []string
	}{
		"cgroup v1 without CAP_SYS_RESOURCE": {
			host: hostFacts{cgroupV1: true},
			has:  []string{"failCgroupV1: false", "cgroupDriver: cgroupfs", "SystemdCgroup = false", "restrict_oom_score_adj = true"},
		},
		"cgroup v2 without CAP_SYS_RESOURCE": {
			host: hostFacts{}, has: []string{"restrict_oom_score_adj = true"}, lacks: []string{"failCgroupV1", "cgroupfs", "SystemdCgroup"},
		},
		"cgroup v2 with all capabilities": {
			host: hostFacts{raisesOOM: true}, lacks: []string{"failCgroupV1", "restrict_oom_score_adj"},
		},
		"any host": {
			host: hostFacts{raisesOOM: true},
			has: []string{"name: demo", "name: controlplane", "name: node01", "clusterName: kubernetes",
				"disableDefaultCNI: true", "apiServerAddress: 127.0.0.1"},
		},
	} {
		t.Run(name, func(t *testing.T) {
			raw, err := kindConfig("demo", row.host)
			if err != nil {
				t.Fatal(err)
			}
			for _, want := range row.has {
				if !strings.Contains(string(raw), want) {
					t.Errorf("no %q in\n%s", want, raw)
				}
			}
			for _, unwanted := range row.lacks {
				if strings.Contains(string(raw), unwanted) {
					t.Errorf("%q in\n%s", unwanted, raw)
				}
			}
		})
	}
}

func TestSubnetsAvoidTheHostsNetworks(t *testing.T) {
	within := netip.MustParsePrefix("10.213.0.0/26") // four of /28
	for name, row := range map[string]struct {
		taken []string
		free  int
	}{
		"all of a range nobody uses":               {nil, 4},
		"a network inside takes one":               {[]string{"10.213.0.16/28"}, 3},
		"a network around takes all":               {[]string{"10.0.0.0/8"}, 0},
		"a network elsewhere takes none":           {[]string{"172.17.0.0/16"}, 4},
		"a smaller network takes the one it is in": {[]string{"10.213.0.33/32"}, 3},
	} {
		t.Run(name, func(t *testing.T) {
			var taken []netip.Prefix
			for _, s := range row.taken {
				taken = append(taken, netip.MustParsePrefix(s))
			}
			got := candidates(within, taken)
			if len(got) != row.free {
				t.Errorf("%d free subnets %v, want %d", len(got), got, row.free)
			}
			for _, p := range got {
				if p.Bits() != subnetBits || !within.Overlaps(p) || overlapsAny(p, taken) {
					t.Errorf("%s is not a free subnet of %s", p, within)
				}
			}
		})
	}
}

func TestRangeOfSubnets(t *testing.T) {
	for name, row := range map[string]struct {
		in string
		ok bool
	}{
		"a private /16 can be used":     {"10.213.0.0/16", true},
		"one subnet is enough":          {"192.168.5.16/28", true},
		"a public range cannot":         {"8.8.0.0/16", false},
		"a range smaller than a subnet": {"10.0.0.0/30", false},
		"IPv6 is not what kind is told": {"fd00::/48", false},
	} {
		t.Run(name, func(t *testing.T) {
			if err := CheckRange(netip.MustParsePrefix(row.in)); (err == nil) != row.ok {
				t.Errorf("CheckRange(%s) = %v", row.in, err)
			}
		})
	}
}

func TestRoutesAreReadAsTheKernelPrintsThem(t *testing.T) {
	file := filepath.Join(t.TempDir(), "route")
	text := "Iface\tDestination\tGateway \tFlags\tRefCnt\tUse\tMetric\tMask\t\tMTU\tWindow\tIRTT\n" +
		"eth0\t00000000\t010200C0\t0003\t0\t0\t0\t00000000\t0\t0\t0\n" +
		"docker0\t000011AC\t00000000\t0001\t0\t0\t0\t0000FFFF\t0\t0\t0\n" +
		"br-1\t1000D50A\t00000000\t0001\t0\t0\t0\tF0FFFFFF\t0\t0\t0\n"
	if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	got, err := readRoutes(file)
	if err != nil {
		t.Fatal(err)
	}
	want := []string{"172.17.0.0/16", "10.213.0.16/28"}
	var have []string
	for _, p := range got {
		have = append(have, p.String())
	}
	if diff := cmp.Diff(want, have); diff != "" {
		t.Error(diff)
	}
}

func TestStagesOfKindsProgress(t *testing.T) {
	for line, want := range map[string]labs.Stage{
		" • Preparing nodes 📦 📦   ...":      labs.StageNodes,
		" • Starting control-plane 🕹️  ...": labs.StageControlPlane,
		" • Joining worker nodes 🚜  ...":    labs.StageJoin,
		" ✓ Preparing nodes 📦 📦 ":           "",
		" • Installing StorageClass 💾  ...": "",
		"Creating cluster \"demo\" ...":     "",
	} {
		if got := stageOf(line); got != want {
			t.Errorf("stageOf(%q) = %q, want %q", line, got, want)
		}
	}
}

func TestAdviceIsOneSentence(t *testing.T) {
	for complaint, want := range map[string]string{
		"greenbox: failed to create: could not find a log line that matches":           "inotify",
		"greenbox: x: write /var/lib: no space left on device\nmore":                   "disk is full",
		"greenbox: failed to init node with kubeadm: exit status 1: long\noutput here": "failed to init node",
	} {
		if got := advice(complaint); !strings.Contains(got, want) || strings.Contains(got, "\n") {
			t.Errorf("advice(%q) = %q", complaint, got)
		}
	}
}

func TestStateOfACluster(t *testing.T) {
	up, held, off := container.Summary{State: container.StateRunning}, container.Summary{State: container.StatePaused}, container.Summary{State: container.StateExited}
	for name, row := range map[string]struct {
		nodes []container.Summary
		want  cluster.State
	}{
		"both nodes run":                        {[]container.Summary{up, up}, cluster.Running},
		"both are paused":                       {[]container.Summary{held, held}, cluster.Paused},
		"one is paused: a pause was cut short":  {[]container.Summary{up, held}, cluster.Paused},
		"stopped nodes can be resumed":          {[]container.Summary{off, off}, cluster.Stopped},
		"one has stopped":                       {[]container.Summary{up, off}, cluster.Stopped},
		"one has stopped beside a paused one":   {[]container.Summary{held, off}, cluster.Stopped},
		"a missing node cannot":                 {[]container.Summary{up}, cluster.Broken},
		"a network without nodes is no cluster": {nil, cluster.Broken},
	} {
		t.Run(name, func(t *testing.T) {
			if got := stateOf(row.nodes); got != row.want {
				t.Errorf("got %s, want %s", got, row.want)
			}
		})
	}
}

func TestUnknownNodeIsNotFound(t *testing.T) {
	if _, err := containerOf("demo", "node02"); !errors.Is(err, labs.ErrNotFound) {
		t.Errorf("got %v", err)
	}
}

func TestNodeConfigNamesThePeerAndItsRoute(t *testing.T) {
	got := nodeConfig("demo", labs.Worker, map[string]string{labs.ControlPlane: "10.244.0.0/24", labs.Worker: "10.244.1.0/24"})
	want := node{Name: "node01", PodCIDR: "10.244.1.0/24", Peers: []peer{{Name: "controlplane", Host: "demo-control-plane", PodCIDR: "10.244.0.0/24"}}}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}

func TestSSHFilesFitTogether(t *testing.T) {
	files, err := sshFiles()
	if err != nil {
		t.Fatal(err)
	}
	if files[0].mode != 0o600 || string(files[1].content) != string(files[2].content) {
		t.Error("the private key is readable, or the public key is not the authorized one")
	}
}
