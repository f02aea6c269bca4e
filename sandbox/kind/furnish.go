package kind

import (
	"archive/tar"
	"context"
	"crypto/ed25519"
	"crypto/rand"
	"encoding/json"
	"encoding/pem"
	"errors"
	"fmt"
	"io"
	"os"
	"time"

	"github.com/greenbox-lab/greenbox/labs"
	"github.com/moby/moby/client"
	"golang.org/x/crypto/ssh"
	"golang.org/x/sync/errgroup"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
)

// node is what the agent on a node is told: /etc/greenbox/node.json.
type node struct {
	Name    string `json:"name"`
	PodCIDR string `json:"podCIDR"`
	Peers   []peer `json:"peers"`
}

// peer is another node of the cluster; Host is its name in Docker's DNS.
type peer struct {
	Name    string `json:"name"`
	Host    string `json:"host"`
	PodCIDR string `json:"podCIDR"`
}

// file is one file to put on a node.
type file struct {
	path    string
	mode    int64
	content []byte
}

// furnish makes kind's nodes the learner's: the agent with names and routes, ssh
// between them, and the learner's kubeconfig.
func (p *Provider) furnish(ctx context.Context, name string) error {
	if err := p.mintCredentials(ctx, name); err != nil {
		return err
	}
	cidrs, err := p.podCIDRs(ctx, name)
	if err != nil {
		return err
	}
	kubeconfig, err := p.learnersKubeconfig(ctx, name)
	if err != nil {
		return err
	}
	program, err := p.programFile()
	if err != nil {
		return err
	}
	keys, err := sshFiles()
	if err != nil {
		return err
	}
	group, ctx := errgroup.WithContext(ctx)
	for i, nodeName := range labs.Nodes() {
		config, err := json.Marshal(nodeConfig(name, nodeName, cidrs))
		if err != nil {
			return err
		}
		files := append([]file{
			program, historyFile(),
			{"etc/greenbox/node.json", 0o644, config},
			{"root/.kube/config", 0o600, kubeconfig},
		}, keys...)
		group.Go(func() error { return p.furnishNode(ctx, containers(name)[i], files) })
	}
	return group.Wait()
}

// furnishNode streams the files to a node and starts what they are for.
func (p *Provider) furnishNode(ctx context.Context, container string, files []file) error {
	if err := p.putFiles(ctx, container, files); err != nil {
		return err
	}
	return p.mustExec(ctx, container, "systemctl", "start", "greenbox-agent.service", "ssh.service")
}

// programFile is our own binary, which is the agent.
func (p *Provider) programFile() (file, error) {
	program, err := os.ReadFile(p.cfg.Program)
	return file{"usr/local/bin/greenbox", 0o755, program}, err
}

// historyFile has every shell write its history as it goes: whoever saves it does
// not wait for the shell to end.
func historyFile() file {
	return file{"etc/profile.d/greenbox-history.sh", 0o644, []byte("export PROMPT_COMMAND='history -a'\n")}
}

func (p *Provider) putFiles(ctx context.Context, container string, files []file) error {
	r, w := io.Pipe()
	go func() { _ = w.CloseWithError(writeFiles(w, files)) }() // never fails
	_, err := p.cfg.Engine.Client().CopyToContainer(ctx, container, client.CopyToContainerOptions{DestinationPath: "/", Content: r})
	if err := errors.Join(err, r.Close()); err != nil {
		return fmt.Errorf("put the agent on %s: %w", container, err)
	}
	return nil
}

func writeFiles(to io.Writer, files []file) error {
	t := tar.NewWriter(to)
	for _, dir := range []string{"root/.ssh/", "root/.kube/"} {
		if err := t.WriteHeader(&tar.Header{Name: dir, Typeflag: tar.TypeDir, Mode: 0o700, ModTime: time.Now()}); err != nil {
			return err
		}
	}
	for _, f := range files {
		if err := t.WriteHeader(&tar.Header{Name: f.path, Mode: f.mode, Size: int64(len(f.content)), ModTime: time.Now()}); err != nil {
			return err
		}
		if _, err := t.Write(f.content); err != nil {
			return err
		}
	}
	return t.Close()
}

func nodeConfig(cluster, name string, cidrs map[string]string) node {
	n := node{Name: name, PodCIDR: cidrs[name]}
	for i, other := range labs.Nodes() {
		if other != name {
			n.Peers = append(n.Peers, peer{Name: other, Host: containers(cluster)[i], PodCIDR: cidrs[other]})
		}
	}
	return n
}

// podCIDRs waits until every node has been given its part of the pod network.
func (p *Provider) podCIDRs(ctx context.Context, name string) (map[string]string, error) {
	kube, err := p.kubernetes(ctx, name)
	if err != nil {
		return nil, err
	}
	cidrs := map[string]string{}
	err = poll(ctx, time.Minute, func(ctx context.Context) error {
		nodes, err := kube.CoreV1().Nodes().List(ctx, metav1.ListOptions{})
		if err != nil {
			return err
		}
		for _, n := range nodes.Items {
			if n.Spec.PodCIDR != "" {
				cidrs[n.Name] = n.Spec.PodCIDR
			}
		}
		if len(cidrs) < len(labs.Nodes()) {
			return fmt.Errorf("%d of %d nodes have a pod network", len(cidrs), len(labs.Nodes()))
		}
		return nil
	})
	return cidrs, err
}

// sshFiles are a new key pair that opens every node of one cluster.
func sshFiles() ([]file, error) {
	public, private, err := ed25519.GenerateKey(rand.Reader)
	if err != nil {
		return nil, err
	}
	block, err := ssh.MarshalPrivateKey(private, "root@greenbox")
	if err != nil {
		return nil, err
	}
	key, err := ssh.NewPublicKey(public)
	if err != nil {
		return nil, err
	}
	line := ssh.MarshalAuthorizedKey(key)
	return []file{
		{"root/.ssh/id_ed25519", 0o600, pem.EncodeToMemory(block)},
		{"root/.ssh/id_ed25519.pub", 0o644, line},
		{"root/.ssh/authorized_keys", 0o600, line},
	}, nil
}
