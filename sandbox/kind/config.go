package kind

import (
	"context"
	"fmt"

	"github.com/greenbox-lab/greenbox/labs"
	"github.com/greenbox-lab/greenbox/sandbox/engine"
	"github.com/moby/moby/client"
	"sigs.k8s.io/kind/pkg/apis/config/v1alpha4"
	"sigs.k8s.io/yaml"
)

// hostFacts is what the configuration of a cluster, and the room for it, depend on.
type hostFacts struct {
	cgroupV1  bool   // kubelet refuses it unless told otherwise
	raisesOOM bool   // the engine may lower oom_score_adj: it has CAP_SYS_RESOURCE
	dataRoot  string // of the engine
}

func lookAtHost(ctx context.Context, e *engine.Engine) (hostFacts, error) {
	got, err := e.Client().Info(ctx, client.InfoOptions{})
	if err != nil {
		return hostFacts{}, fmt.Errorf("ask the engine about its machine: %w", err)
	}
	raises, err := canLowerOOMScore()
	return hostFacts{cgroupV1: got.Info.CgroupVersion == "1", raisesOOM: raises, dataRoot: got.Info.DockerRootDir}, err
}

// kindConfig is kind's configuration file for one cluster: node names as the
// learner sees them, no CNI of kind's, and what this host needs.
func kindConfig(name string, h hostFacts) ([]byte, error) {
	// A deleted mirror Pod comes back at the kubelet's next sync, and a container that
	// crashes after its back-off: a minute and five minutes are long in a lab.
	// A node that was paused for longer than the grace of silent nodes, 50 seconds, is
	// NotReady until its kubelet looks at its own status again.
	kubelet := "kind: KubeletConfiguration\nsyncFrequency: 5s\ncrashLoopBackOff:\n  maxContainerRestartPeriod: 10s\n" +
		"nodeStatusUpdateFrequency: 1s\nnodeStatusReportFrequency: 5m\n"
	containerd := []string{containerdArgs}
	if h.cgroupV1 {
		kubelet += "failCgroupV1: false\ncgroupDriver: cgroupfs\n"
		containerd = append(containerd, withoutSystemd)
	}
	cfg := v1alpha4.Cluster{
		TypeMeta: v1alpha4.TypeMeta{Kind: "Cluster", APIVersion: "kind.x-k8s.io/v1alpha4"},
		Name:     name,
		Networking: v1alpha4.Networking{
			IPFamily: v1alpha4.IPv4Family, APIServerAddress: "127.0.0.1", DisableDefaultCNI: true,
		},
		Nodes: []v1alpha4.Node{
			{Role: v1alpha4.ControlPlaneRole, KubeadmConfigPatches: []string{nodeName("InitConfiguration", labs.ControlPlane)}},
			{Role: v1alpha4.WorkerRole, KubeadmConfigPatches: []string{nodeName("JoinConfiguration", labs.Worker)}},
		},
		KubeadmConfigPatches: []string{
			// The context in the documents is kubernetes-admin@kubernetes, and the
			// learner's kubeconfig names the API server as its node is called.
			"kind: ClusterConfiguration\nclusterName: kubernetes\napiServer:\n  certSANs: [localhost, 127.0.0.1, " + labs.ControlPlane + "]\n",
			kubelet,
		},
		KubeadmConfigPatchesJSON6902: []v1alpha4.PatchJSON6902{{
			Group: "kubeadm.k8s.io", Version: "v1beta4", Kind: "ClusterConfiguration", Patch: controlPlaneArgs,
		}},
	}
	if !h.raisesOOM {
		containerd = append(containerd, "[plugins.\"io.containerd.grpc.v1.cri\"]\n  restrict_oom_score_adj = true\n")
	}
	cfg.ContainerdConfigPatches = containerd
	return yaml.Marshal(cfg)
}

// withoutSystemd has runc write control groups itself. Through systemd it freezes, on
// version 1, each new container to set its devices, and gives up where a Pod without
// requests (cpu.shares 2) gets no CPU for a quarter of a second: "unable to freeze".
const withoutSystemd = `[plugins."io.containerd.grpc.v1.cri".containerd.runtimes.runc.options]
  SystemdCgroup = false
`

// controlPlaneArgs: there is no other to lead, and a clone would wait for the lease
// of the golden cluster's; a cluster that loses power is replaced, not repaired.
// Nobody waits for etcd to say how far a watch is but the API server, which asks. And
// a heap may grow by a part of itself only until it is collected.
const controlPlaneArgs = `[
  {"op": "add", "path": "/apiServer/extraEnvs", "value": [{"name": "GOGC", "value": "` + gcPercent + `"}]},
  {"op": "add", "path": "/controllerManager/extraArgs/-", "value": {"name": "leader-elect", "value": "false"}},
  {"op": "add", "path": "/controllerManager/extraEnvs", "value": [{"name": "GOGC", "value": "` + gcPercent + `"}]},
  {"op": "add", "path": "/scheduler/extraArgs", "value": [{"name": "leader-elect", "value": "false"}]},
  {"op": "add", "path": "/scheduler/extraEnvs", "value": [{"name": "GOGC", "value": "` + gcPercent + `"}]},
  {"op": "add", "path": "/etcd", "value": {"local": {
    "extraArgs": [{"name": "unsafe-no-fsync", "value": "true"}, {"name": "watch-progress-notify-interval", "value": "60s"}],
    "extraEnvs": [{"name": "GOGC", "value": "` + gcPercent + `"}]}}}
]`

// gcPercent is GOGC of what runs on a node: an idle one allocates little, and many
// idle ones lie beside each other.
const gcPercent = "30"

// containerdArgs: what each container uses is asked by nobody here. Of disk, containerd
// counts it every ten seconds by itself; of the CPU, every second.
const containerdArgs = `[plugins."io.containerd.grpc.v1.cri"]
  stats_collect_period = 60
[plugins."io.containerd.cri.v1.runtime"]
  stats_collect_period = "60s"
`

func nodeName(kind, name string) string {
	return fmt.Sprintf("kind: %s\nnodeRegistration:\n  name: %s\n", kind, name)
}
