package kind

import (
	"context"
	"fmt"
	"net"
	"net/netip"
	"os"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/greenbox-lab/greenbox/labs"
	"github.com/greenbox-lab/greenbox/sandbox/cluster"
	"github.com/moby/moby/api/types/container"
	"github.com/moby/moby/api/types/mount"
	"github.com/moby/moby/api/types/network"
	"github.com/moby/moby/client"
	"golang.org/x/sync/errgroup"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/client-go/kubernetes"
	"k8s.io/client-go/tools/clientcmd"
	"k8s.io/client-go/util/retry"
)

// clone makes the nodes of a cluster of the golden images, which kind's own
// commands take for nodes of theirs, starts them and waits until they are Ready.
func (p *Provider) clone(ctx context.Context, name string, labels cluster.Labels, images []string, stage func(labs.Stage)) error {
	began := time.Now()
	stage(labs.StageNodes)
	port, err := freePort(ctx)
	if err != nil {
		return err
	}
	keys, err := sshFiles()
	if err != nil {
		return err
	}
	program, err := p.programFile()
	if err != nil {
		return err
	}
	golden := make([][]file, len(images))
	group, both := errgroup.WithContext(ctx)
	for i, c := range containers(name) {
		group.Go(func() (err error) {
			if err := p.createClone(both, name, i, labels, images[i], port); err != nil {
				return err
			}
			golden[i], err = p.identityOf(both, c)
			return err
		})
	}
	if err := group.Wait(); err != nil {
		return err
	}
	id, err := newIdentity(golden[0])
	if err != nil {
		return err
	}
	group, both = errgroup.WithContext(ctx)
	for i, c := range containers(name) {
		files, err := id.renewed(golden[i])
		if err != nil {
			return err
		}
		group.Go(func() error { return p.putFiles(both, c, slices.Concat([]file{program, historyFile()}, keys, files)) })
		if err := p.takeCredentials(name, files, port); err != nil {
			return err
		}
	}
	if err := group.Wait(); err != nil {
		return err
	}
	stage(labs.StageControlPlane)
	for _, c := range containers(name) {
		if _, err := p.cfg.Engine.Client().ContainerStart(ctx, c, client.ContainerStartOptions{}); err != nil {
			return fmt.Errorf("start %s: %w", c, err)
		}
	}
	kube, err := p.kubernetes(ctx, name)
	if err != nil {
		return err
	}
	if err := poll(ctx, readyTimeout, func(ctx context.Context) error { return answers(ctx, kube) }); err != nil {
		return fmt.Errorf("the API server did not come up: %w", err)
	}
	stage(labs.StageJoin)
	if err := poll(ctx, readyTimeout, func(ctx context.Context) error { return nodesReady(began)(ctx, kube) }); err != nil {
		return fmt.Errorf("the nodes did not become ready: %w", err)
	}
	return p.announce(ctx, name)
}

// takeCredentials keeps the kubeconfig of the checks if it is among the files.
func (p *Provider) takeCredentials(name string, files []file, port string) error {
	for _, f := range files {
		if "/"+f.path == credentialsFile {
			return p.saveCredentials(name, f.content, "https://"+net.JoinHostPort("127.0.0.1", port))
		}
	}
	return nil
}

// announce puts the clone's authority into the ConfigMap that kubeadm lets nodes
// join by; the others that hold it, controllers keep.
func (p *Provider) announce(ctx context.Context, name string) error {
	kube, err := p.kubernetes(ctx, name)
	if err != nil {
		return err
	}
	ours, err := p.Config(ctx, name)
	if err != nil {
		return err
	}
	err = retry.RetryOnConflict(retry.DefaultBackoff, func() error { return renewInfo(ctx, kube, ours.CAData) })
	if err != nil {
		return fmt.Errorf("cluster-info: %w", err)
	}
	return nil
}

func renewInfo(ctx context.Context, kube kubernetes.Interface, authority []byte) error {
	info, err := kube.CoreV1().ConfigMaps("kube-public").Get(ctx, "cluster-info", metav1.GetOptions{})
	if err != nil {
		return err
	}
	config, err := clientcmd.Load([]byte(info.Data["kubeconfig"]))
	if err != nil {
		return err
	}
	for _, c := range config.Clusters {
		c.CertificateAuthorityData = authority
	}
	raw, err := clientcmd.Write(*config)
	if err != nil {
		return err
	}
	info.Data["kubeconfig"] = string(raw)
	_, err = kube.CoreV1().ConfigMaps("kube-public").Update(ctx, info, metav1.UpdateOptions{})
	return err
}

// createClone makes the container of the node at index i as kind runs it, with
// the golden node's name as another of its own, and with caps.
func (p *Provider) createClone(ctx context.Context, name string, i int, labels cluster.Labels, image, port string) error {
	role := []string{"control-plane", "worker"}[i]
	config := &container.Config{
		Image: image, Hostname: containers(name)[i], Tty: true,
		Labels: p.nodeLabels(name, role, labels),
	}
	init, pids := false, int64(nodePids)
	host := &container.HostConfig{
		Privileged: true, SecurityOpt: []string{"seccomp=unconfined", "apparmor=unconfined"},
		Tmpfs: map[string]string{"/tmp": "", "/run": ""}, Binds: []string{"/lib/modules:/lib/modules:ro"},
		// Without a name, so that whoever removes the node removes it too.
		Mounts:        []mount.Mount{{Type: mount.TypeVolume, Target: "/var", VolumeOptions: &mount.VolumeOptions{Labels: p.labelsOf(name, labels)}}},
		NetworkMode:   container.NetworkMode(name),
		RestartPolicy: byUs,
		CgroupnsMode:  container.CgroupnsModePrivate, Init: &init,
		Resources: container.Resources{Memory: nodeMemory, MemorySwap: nodeMemory, NanoCPUs: nodeCPUs * 1e9, PidsLimit: &pids, CPUShares: sharesOf(labels)},
	}
	if role == "control-plane" {
		config.Env = []string{"KUBECONFIG=/etc/kubernetes/admin.conf"}
		api := network.MustParsePort("6443/tcp")
		config.ExposedPorts = network.PortSet{api: {}}
		host.PortBindings = network.PortMap{api: {{HostIP: netip.MustParseAddr("127.0.0.1"), HostPort: port}}}
	}
	// The engine finishes what it has begun: so nothing appears after the cleaning up.
	whole, cancel := context.WithTimeout(context.WithoutCancel(ctx), time.Minute)
	defer cancel()
	_, err := p.cfg.Engine.Client().ContainerCreate(whole, client.ContainerCreateOptions{
		Name: containers(name)[i], Config: config, HostConfig: host,
		NetworkingConfig: &network.NetworkingConfig{EndpointsConfig: map[string]*network.EndpointSettings{
			name: {Aliases: []string{containers(golden)[i]}},
		}},
	})
	if err != nil {
		return fmt.Errorf("make %s: %w", containers(name)[i], err)
	}
	return ctx.Err()
}

// proxied reports whether this process goes out by a proxy: kind tells nodes of it,
// and the golden one's would be told of another network.
func proxied() bool {
	return slices.ContainsFunc([]string{"HTTP_PROXY", "HTTPS_PROXY", "NO_PROXY"}, func(name string) bool {
		return os.Getenv(name) != "" || os.Getenv(strings.ToLower(name)) != ""
	})
}

// freePort is a port of loopback that nobody listens at. The engine would choose
// another one at each start of the container.
func freePort(ctx context.Context) (string, error) {
	l, err := (&net.ListenConfig{}).Listen(ctx, "tcp", "127.0.0.1:0")
	if err != nil {
		return "", fmt.Errorf("a port for the API server: %w", err)
	}
	port := l.Addr().(*net.TCPAddr).Port //nolint:forcetypeassert // a TCP listener's
	return strconv.Itoa(port), l.Close()
}
