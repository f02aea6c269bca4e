package kind

import (
	"context"
	"crypto/sha256"
	_ "embed" // the scripts
	"encoding/hex"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/greenbox-lab/greenbox/labs"
	"github.com/greenbox-lab/greenbox/sandbox/cluster"
	"github.com/moby/moby/api/types/container"
	"github.com/moby/moby/client"
	"golang.org/x/sync/errgroup"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/types"
)

// golden is the name of the cluster that clones are made of: it is in their
// certificates and kubeconfigs, so in their networks the nodes answer to it.
const golden = "greenbox-golden"

// goldenRepository begins the names of the images of its nodes.
const goldenRepository = "greenbox/node-golden-"

// credentialsFile is where a golden node keeps the kubeconfig of the checks.
const credentialsFile = "/kind/greenbox.conf"

// unpack puts what pack.sh packed into a container of the node image.
const unpack = "find /var -mindepth 1 -maxdepth 1 -exec rm -rf {} + && tar --extract --file - --directory / --numeric-owner"

var (
	//go:embed quiesce.sh
	quiesce string
	//go:embed pack.sh
	pack string
)

// goldenImages are the references of the two nodes' images, the control plane
// first, for this node image and this configuration.
func (p *Provider) goldenImages(ctx context.Context) ([]string, error) {
	image, err := p.cfg.Engine.Client().ImageInspect(ctx, p.cfg.Image)
	if err != nil {
		return nil, fmt.Errorf("node image %s: %w", p.cfg.Image, err)
	}
	config, err := kindConfig(golden, p.host)
	if err != nil {
		return nil, err
	}
	sum := sha256.Sum256([]byte(strings.Join([]string{image.ID, string(config), quiesce, pack, unpack, thinDNS}, "\n")))
	digest := hex.EncodeToString(sum[:])[:12]
	return []string{goldenRepository + "control-plane:" + digest, goldenRepository + "worker:" + digest}, nil
}

// goldenThere returns the images if both are there, else nil.
func (p *Provider) goldenThere(ctx context.Context) ([]string, error) {
	refs, err := p.goldenImages(ctx)
	if err != nil {
		return nil, err
	}
	for _, ref := range refs {
		if _, err := p.cfg.Engine.Client().ImageInspect(ctx, ref); err != nil {
			return nil, nil //nolint:nilerr // it is not there
		}
	}
	return refs, nil
}

// MakeGolden makes the images that clusters are cloned from, unless they are
// there: kind makes one cluster, which is stopped and packed. It blocks for about
// a minute and leaves nothing else behind; only one process may call it at a time.
// The Provider must be of an instance of its own.
func (p *Provider) MakeGolden(ctx context.Context, report func(string)) error {
	there, err := p.goldenThere(ctx)
	if err != nil || there != nil {
		return err
	}
	report("making the golden cluster, which every other is a clone of (about a minute)")
	if err := p.Delete(ctx, golden); err != nil {
		return fmt.Errorf("remove what an earlier try left: %w", err)
	}
	started := time.Now()
	if err := p.Create(ctx, golden, cluster.Labels{}, func(labs.Stage) {}); err != nil {
		return fmt.Errorf("golden cluster: %w", err)
	}
	err = p.packGolden(ctx)
	clean, cancel := context.WithTimeout(context.WithoutCancel(ctx), time.Minute)
	defer cancel()
	if err = errors.Join(err, p.Delete(clean, golden)); err != nil {
		return fmt.Errorf("golden cluster: %w", err)
	}
	report(fmt.Sprintf("golden cluster made in %s", time.Since(started).Round(time.Second)))
	return p.dropOldGolden(ctx)
}

func (p *Provider) packGolden(ctx context.Context) error {
	if err := p.oneDNS(ctx, golden); err != nil {
		return err
	}
	for _, c := range []string{containers(golden)[1], containers(golden)[0]} { // the worker leaves first
		exit, out, err := p.cfg.Engine.Exec(ctx, c, []string{"bash", "-s"}, strings.NewReader(quiesce))
		if err != nil {
			return fmt.Errorf("bring %s to rest: %w", c, err)
		}
		if exit != 0 {
			return fmt.Errorf("bring %s to rest: exit code %d: %s", c, exit, out)
		}
	}
	refs, err := p.goldenImages(ctx)
	if err != nil {
		return err
	}
	group, both := errgroup.WithContext(ctx)
	for i, ref := range refs {
		group.Go(func() error { return p.packNode(both, containers(golden)[i], ref) })
	}
	return group.Wait()
}

// thinDNS leaves one CoreDNS of the two that kubeadm runs, asked each second whether
// it is ready: that is the last thing a start waits for.
const thinDNS = `{"spec": {"replicas": 1, "revisionHistoryLimit": 0, "template": {"spec": {"containers": [
  {"name": "coredns", "readinessProbe": {"periodSeconds": 1}}]}}}}`

func (p *Provider) oneDNS(ctx context.Context, name string) error {
	kube, err := p.kubernetes(ctx, name)
	if err != nil {
		return err
	}
	deployments := kube.AppsV1().Deployments("kube-system")
	changed, err := deployments.Patch(ctx, "coredns", types.StrategicMergePatchType, []byte(thinDNS), metav1.PatchOptions{})
	if err != nil {
		return err
	}
	return poll(ctx, time.Minute, func(ctx context.Context) error {
		now, err := deployments.Get(ctx, "coredns", metav1.GetOptions{})
		if err == nil && (now.Status.ObservedGeneration < changed.Generation || now.Status.Replicas != 1 || now.Status.UpdatedReplicas != 1) {
			err = fmt.Errorf("%d CoreDNS are there, %d as they should be", now.Status.Replicas, now.Status.UpdatedReplicas)
		}
		return err
	})
}

// packNode makes ref of a node at rest: the node image with what is on the node
// where kind and kubeadm write, /var included, which is a volume and so is in no
// commit of the node's own container.
func (p *Provider) packNode(ctx context.Context, node, ref string) error {
	api := p.cfg.Engine.Client()
	made, err := api.ContainerCreate(ctx, client.ContainerCreateOptions{
		Config:     &container.Config{Image: p.cfg.Image, Entrypoint: []string{"sleep", "600"}, Cmd: []string{}, Labels: map[string]string{labelKind: golden}},
		HostConfig: &container.HostConfig{NetworkMode: "none", Privileged: true},
	})
	if err != nil {
		return err
	}
	if _, err := api.ContainerStart(ctx, made.ID, client.ContainerStartOptions{}); err != nil {
		return err // Delete finds it by its label
	}
	from, err := p.cfg.Engine.Dial(ctx, node, []string{"bash", "-c", pack})
	if err != nil {
		return err
	}
	exit, out, err := p.cfg.Engine.Exec(ctx, made.ID, []string{"bash", "-c", unpack}, from)
	if err := errors.Join(err, from.Close()); err != nil {
		return fmt.Errorf("pack %s: %w", node, err)
	}
	if exit != 0 {
		return fmt.Errorf("pack %s: exit code %d: %s", node, exit, out)
	}
	image, err := api.ImageInspect(ctx, p.cfg.Image)
	if err != nil {
		return err
	}
	_, err = api.ContainerCommit(ctx, made.ID, client.ContainerCommitOptions{
		Reference: ref,
		Config:    &container.Config{Entrypoint: image.Config.Entrypoint, Cmd: image.Config.Cmd, Env: image.Config.Env, StopSignal: image.Config.StopSignal, Labels: map[string]string{labelKind: ""}},
	})
	return err
}

// dropOldGolden removes the images of earlier configurations that no cluster uses.
func (p *Provider) dropOldGolden(ctx context.Context) error {
	now, err := p.goldenImages(ctx)
	if err != nil {
		return err
	}
	found, err := p.cfg.Engine.Client().ImageList(ctx, client.ImageListOptions{})
	if err != nil {
		return err
	}
	for _, image := range found.Items {
		for _, tag := range image.RepoTags {
			if strings.HasPrefix(tag, goldenRepository) && tag != now[0] && tag != now[1] {
				if _, err := p.cfg.Engine.Client().ImageRemove(ctx, tag, client.ImageRemoveOptions{}); err != nil {
					p.cfg.Log.Info("an older golden image stays", "image", tag, "err", err)
				}
			}
		}
	}
	return nil
}
