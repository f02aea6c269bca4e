package kind

import (
	"context"
	"crypto/sha256"
	_ "embed" // the scripts
	"encoding/hex"
	"errors"
	"fmt"
	"os"
	"slices"
	"strings"
	"time"

	"github.com/containerd/errdefs"
	"github.com/greenbox-lab/greenbox/labs"
	"github.com/greenbox-lab/greenbox/sandbox/cluster"
	"github.com/greenbox-lab/greenbox/sandbox/engine"
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
const unpack = "set -e; find /var -mindepth 1 -maxdepth 1 -exec rm -rf {} +; " +
	"tar --extract --ignore-zeros --file - --directory / --numeric-owner; rm /packed"

// furnished is the version of what furnish puts on a golden node.
const furnished = "1"

// labelGolden marks the images of golden nodes.
const labelGolden = "greenbox.golden"

var (
	//go:embed lean.sh
	lean string
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
	// Who runs in a container of its own may not see what the engine may do.
	config, err := kindConfig(golden, hostFacts{cgroupV1: p.host.cgroupV1})
	if err != nil {
		return nil, err
	}
	sum := sha256.Sum256([]byte(strings.Join([]string{image.ID, string(config), lean, quiesce, pack, unpack, thinDNS, furnished}, "\n")))
	digest := hex.EncodeToString(sum[:])[:12]
	return []string{goldenRepository + "control-plane:" + digest, goldenRepository + "worker:" + digest}, nil
}

// GoldenImages returns the references of the golden nodes' images, the control plane's
// first, if both are there, else nil.
func (p *Provider) GoldenImages(ctx context.Context) ([]string, error) {
	refs, err := p.goldenImages(ctx)
	if err != nil {
		return nil, err
	}
	for _, ref := range refs {
		_, err := p.cfg.Engine.Client().ImageInspect(ctx, ref)
		if errdefs.IsNotFound(err) {
			return nil, nil
		}
		if err != nil {
			return nil, fmt.Errorf("image %s: %w", ref, err)
		}
	}
	return refs, nil
}

// MakeGolden makes the images that clusters are cloned from, unless they are
// there: kind makes one cluster, which is stopped and packed. It blocks for about
// a minute and leaves nothing else behind; only one process may call it at a time.
// The Provider must be of an instance of its own.
func (p *Provider) MakeGolden(ctx context.Context, report func(string)) error {
	if err := errors.Join(p.Delete(ctx, golden), p.dropOldGolden(ctx)); err != nil {
		return fmt.Errorf("remove what an earlier try left: %w", err)
	}
	there, err := p.GoldenImages(ctx)
	if err != nil || there != nil {
		return err
	}
	report("making the golden cluster, which every other is a clone of (about a minute)")
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
	return nil
}

func (p *Provider) packGolden(ctx context.Context) error {
	if err := p.oneDNS(ctx, golden); err != nil {
		return err
	}
	for _, script := range []string{quiesce, "GOGC=" + gcPercent + "\n" + lean} {
		for _, c := range []string{containers(golden)[1], containers(golden)[0]} { // the worker leaves first
			exit, out, err := p.cfg.Engine.Exec(ctx, c, []string{"bash", "-s"}, strings.NewReader(script))
			if err != nil {
				return fmt.Errorf("bring %s to rest: %w", c, err)
			}
			if exit != 0 {
				return fmt.Errorf("bring %s to rest: exit code %d: %s", c, exit, out)
			}
		}
	}
	refs, err := p.goldenImages(ctx)
	if err != nil {
		return err
	}
	images := make([]string, len(refs))
	group, both := errgroup.WithContext(ctx)
	for i := range refs {
		group.Go(func() (err error) {
			images[i], err = p.packNode(both, containers(golden)[i])
			return err
		})
	}
	if err := group.Wait(); err != nil {
		return err
	}
	for i, ref := range refs { // both are of the same cluster, also where one of an earlier try is there
		if _, err := p.cfg.Engine.Client().ImageTag(ctx, client.ImageTagOptions{Source: images[i], Target: ref}); err != nil {
			return err
		}
	}
	return nil
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

// packNode makes an image of a node at rest and returns its id: the node image with
// what is on the node where kind and kubeadm write, /var included, which is a volume
// and so is in no commit of the node's own container.
func (p *Provider) packNode(ctx context.Context, node string) (string, error) {
	api := p.cfg.Engine.Client()
	made, err := api.ContainerCreate(ctx, client.ContainerCreateOptions{
		Config:     &container.Config{Image: p.cfg.Image, Entrypoint: []string{"sleep", "600"}, Cmd: []string{}, Labels: map[string]string{labelKind: golden}},
		HostConfig: &container.HostConfig{NetworkMode: "none", Privileged: true},
	})
	if err != nil {
		return "", err
	}
	if _, err := api.ContainerStart(ctx, made.ID, client.ContainerStartOptions{}); err != nil {
		return "", err // Delete finds it by its label
	}
	from, err := p.cfg.Engine.Dial(ctx, node, []string{"bash", "-c", pack})
	if err != nil {
		return "", err
	}
	exit, out, err := p.cfg.Engine.Exec(ctx, made.ID, []string{"bash", "-c", unpack}, from)
	if err := errors.Join(err, from.Close()); err != nil {
		return "", fmt.Errorf("pack %s: %w", node, err)
	}
	if exit != 0 {
		return "", fmt.Errorf("pack %s: exit code %d: %s", node, exit, out)
	}
	image, err := api.ImageInspect(ctx, p.cfg.Image)
	if err != nil {
		return "", err
	}
	committed, err := api.ContainerCommit(ctx, made.ID, client.ContainerCommitOptions{
		Config: &container.Config{Entrypoint: image.Config.Entrypoint, Cmd: image.Config.Cmd, Env: image.Config.Env, StopSignal: image.Config.StopSignal, Labels: map[string]string{labelKind: "", labelGolden: "1"}},
	})
	return committed.ID, err
}

// dropOldGolden removes the images of earlier configurations and tries that no
// cluster uses, and one of a pair that lacks the other.
func (p *Provider) dropOldGolden(ctx context.Context) error {
	there, err := p.GoldenImages(ctx)
	if err != nil {
		return err
	}
	api := p.cfg.Engine.Client()
	found, err := api.ImageList(ctx, client.ImageListOptions{All: true, Filters: make(client.Filters).Add("label", labelGolden+"=1")})
	if err != nil {
		return err
	}
	for _, image := range found.Items {
		if slices.ContainsFunc(image.RepoTags, func(tag string) bool { return slices.Contains(there, tag) }) {
			continue
		}
		if _, err := api.ImageRemove(ctx, image.ID, client.ImageRemoveOptions{Force: len(image.RepoTags) > 1}); err != nil && !errdefs.IsNotFound(err) {
			p.cfg.Log.Info("an older golden image stays", "image", image.ID, "tags", image.RepoTags, "err", err)
		}
	}
	return nil
}

// RemoveGolden removes the golden cluster that a killed process may have left.
func RemoveGolden(ctx context.Context, e *engine.Engine) error {
	p := &Provider{cfg: Config{Engine: e, Dir: os.TempDir()}}
	return p.Delete(ctx, golden)
}
