package nodeimage

// Every version that goes into a node image. Changing one changes the image's
// tag, so the next start builds or pulls anew.
const (
	recipe            = "2" // of this package's own steps: raised when they change what an image is
	kubernetesVersion = "v1.37.2"
	stagingVersion    = "v0.37.2" // of the k8s.io/... modules that Kubernetes replaces by its own folders
	kindVersion       = "v0.33.0" // whose base image's files are used; the library's own version
	debianSuite       = "bookworm"
	pauseTag          = "3.10" // named in kind's containerd configuration

	// kindest is the node image that kind v0.33.0 pins itself.
	kindest = "kindest/node:v1.37.0@sha256:a1ed56cfb0e7b93589bdf97c8cd566405a265939e3620fc4f5de89adff580ae5"
)

// program is one build from one Go module.
type program struct {
	module, version string
	packages        map[string]string // name of the binary -> import path
	tags            string
	variable        string // that tells the program its version, when a build does not
	cgo             bool   // linked statically all the same
	main            string // source of package main, where the module has none that fits
}

// programs are the binaries of a node but Kubernetes itself.
func programs() []program {
	return []program{
		{
			module: "github.com/containerd/containerd/v2", version: "v2.3.4",
			tags: "no_btrfs no_devmapper no_zfs no_aufs netgo osusergo", variable: "github.com/containerd/containerd/v2/version.Version",
			packages: map[string]string{
				"containerd":              "github.com/containerd/containerd/v2/cmd/containerd",
				"containerd-shim-runc-v2": "github.com/containerd/containerd/v2/cmd/containerd-shim-runc-v2",
				"ctr":                     "github.com/containerd/containerd/v2/cmd/ctr",
			},
		},
		{
			module: "github.com/opencontainers/runc", version: "v1.4.3", cgo: true,
			tags:     "seccomp netgo osusergo",
			packages: map[string]string{"runc": "github.com/opencontainers/runc"},
		},
		{
			module: "sigs.k8s.io/cri-tools", version: "v1.36.0", variable: "sigs.k8s.io/cri-tools/pkg/version.Version",
			packages: map[string]string{"crictl": "sigs.k8s.io/cri-tools/cmd/crictl"},
		},
		{
			module: "github.com/containernetworking/plugins", version: "v1.9.1",
			packages: map[string]string{
				"ptp":        "github.com/containernetworking/plugins/plugins/main/ptp",
				"bridge":     "github.com/containernetworking/plugins/plugins/main/bridge",
				"loopback":   "github.com/containernetworking/plugins/plugins/main/loopback",
				"host-local": "github.com/containernetworking/plugins/plugins/ipam/host-local",
				"portmap":    "github.com/containernetworking/plugins/plugins/meta/portmap",
			},
		},
		{
			module: "go.etcd.io/etcd/server/v3", version: "v3.7.3",
			packages: map[string]string{"etcd": "go.etcd.io/etcd/server/v3"},
		},
		{
			module: "github.com/coredns/coredns", version: "v1.14.6", main: "coredns.go.txt",
			packages: map[string]string{"coredns": "."},
		},
	}
}
