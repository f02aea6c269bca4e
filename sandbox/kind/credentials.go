package kind

import (
	"context"
	"fmt"
	"os"
	"path/filepath"

	"github.com/greenbox-lab/greenbox/labs"
	"k8s.io/client-go/kubernetes"
	"k8s.io/client-go/rest"
	"k8s.io/client-go/tools/clientcmd"
	"k8s.io/client-go/tools/clientcmd/api"
)

// learnersContext is the context that the documents show.
const learnersContext = "kubernetes-admin@kubernetes"

func (p *Provider) kubeconfigPath(name string) string {
	return filepath.Join(p.cfg.Dir, "clusters", name, "kubeconfig")
}

// mintCredentials replaces the administrator's credentials that kind left in the
// kubeconfig by a user of our own: what the learner does to theirs, or to their
// kubeconfig, does not touch the checks. Clones find them on their control plane.
func (p *Provider) mintCredentials(ctx context.Context, name string) error {
	kinds, err := clientcmd.LoadFromFile(p.kubeconfigPath(name))
	if err != nil {
		return fmt.Errorf("read kind's kubeconfig: %w", err)
	}
	server := kinds.Clusters[kinds.Contexts[kinds.CurrentContext].Cluster].Server
	raw, err := p.output(ctx, containers(name)[0], "kubeadm", "kubeconfig", "user", "--config", "/kind/kubeadm.conf",
		"--client-name", "greenbox", "--org", "system:masters")
	if err != nil {
		return fmt.Errorf("make the checks' credentials: %w", err)
	}
	if name == golden {
		if err := p.putFiles(ctx, containers(name)[0], []file{{credentialsFile, 0o600, raw}}); err != nil {
			return err
		}
	}
	return p.saveCredentials(name, raw, server)
}

// saveCredentials keeps a kubeconfig for the checks, with the API server's address.
func (p *Provider) saveCredentials(name string, kubeconfig []byte, server string) error {
	ours, err := clientcmd.Load(kubeconfig)
	if err != nil {
		return fmt.Errorf("make the checks' credentials: %w", err)
	}
	for _, c := range ours.Clusters {
		c.Server = server
	}
	return clientcmd.WriteToFile(*ours, p.kubeconfigPath(name))
}

// learnersKubeconfig is the administrator's kubeconfig of the cluster, under the
// names of the documents, for ~/.kube/config on every node.
func (p *Provider) learnersKubeconfig(ctx context.Context, name string) ([]byte, error) {
	raw, err := p.output(ctx, containers(name)[0], "cat", "/etc/kubernetes/admin.conf")
	if err != nil {
		return nil, err
	}
	admin, err := clientcmd.Load(raw)
	if err != nil {
		return nil, fmt.Errorf("read admin.conf: %w", err)
	}
	now := admin.Contexts[admin.CurrentContext]
	cluster := admin.Clusters[now.Cluster]
	cluster.Server = "https://" + labs.ControlPlane + ":6443"
	return clientcmd.Write(api.Config{
		Clusters:       map[string]*api.Cluster{"kubernetes": cluster},
		AuthInfos:      map[string]*api.AuthInfo{"kubernetes-admin": admin.AuthInfos[now.AuthInfo]},
		Contexts:       map[string]*api.Context{learnersContext: {Cluster: "kubernetes", AuthInfo: "kubernetes-admin"}},
		CurrentContext: learnersContext,
	})
}

// Config is the checks' own client configuration; see cluster.Access.
func (p *Provider) Config(_ context.Context, name string) (*rest.Config, error) {
	path := p.kubeconfigPath(name)
	if _, err := os.Stat(path); err != nil {
		return nil, fmt.Errorf("credentials of %s: %w", name, err)
	}
	cfg, err := clientcmd.BuildConfigFromFlags("", path)
	if err != nil {
		return nil, fmt.Errorf("credentials of %s: %w", name, err)
	}
	cfg.QPS, cfg.Burst = 50, 100
	return cfg, nil
}

func (p *Provider) kubernetes(ctx context.Context, name string) (kubernetes.Interface, error) {
	cfg, err := p.Config(ctx, name)
	if err != nil {
		return nil, err
	}
	return kubernetes.NewForConfig(cfg)
}
