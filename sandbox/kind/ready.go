package kind

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/greenbox-lab/greenbox/labs"
	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/client-go/kubernetes"
)

// readyTimeout is how long a joined cluster may take until it can be used.
const readyTimeout = 3 * time.Minute

// waitReady blocks until every node is Ready, CoreDNS and kube-proxy run, pods
// can be made in the default namespace, and a Service's name is resolved through
// the Service network from each node.
func (p *Provider) waitReady(ctx context.Context, name string) error {
	kube, err := p.kubernetes(ctx, name)
	if err != nil {
		return err
	}
	for _, check := range []func(context.Context, kubernetes.Interface) error{nodesReady(time.Time{}), systemReady, namespaceReady} {
		if err := poll(ctx, readyTimeout, func(ctx context.Context) error { return check(ctx, kube) }); err != nil {
			return fmt.Errorf("the cluster did not become ready: %w", err)
		}
	}
	for _, c := range containers(name) {
		err := poll(ctx, readyTimeout, func(ctx context.Context) error {
			return p.mustExec(ctx, c, "/usr/local/bin/greenbox", "agent", "resolve", "kubernetes.default.svc.cluster.local")
		})
		if err != nil {
			return fmt.Errorf("cluster DNS does not answer on %s: %w", c, err)
		}
	}
	return nil
}

const answerTimeout = 3 * time.Second // of an API server, for one answer

// answers asks whether the API server is ready.
func answers(ctx context.Context, kube kubernetes.Interface) error {
	ctx, cancel := context.WithTimeout(ctx, answerTimeout)
	defer cancel()
	return kube.Discovery().RESTClient().Get().AbsPath("/readyz").Do(ctx).Error()
}

// nodesReady asks whether every node has said since that it is Ready: a clone's API
// server begins with what those of the golden cluster said last.
func nodesReady(since time.Time) func(context.Context, kubernetes.Interface) error {
	since = since.Truncate(time.Second) // as the API gives it
	return func(ctx context.Context, kube kubernetes.Interface) error {
		nodes, err := kube.CoreV1().Nodes().List(ctx, metav1.ListOptions{})
		if err != nil {
			return err
		}
		ready := 0
		for _, n := range nodes.Items {
			for _, c := range n.Status.Conditions {
				if c.Type == corev1.NodeReady && c.Status == corev1.ConditionTrue && !c.LastHeartbeatTime.Time.Before(since) {
					ready++
				}
			}
		}
		if ready < len(labs.Nodes()) {
			return fmt.Errorf("%d of %d nodes are Ready", ready, len(labs.Nodes()))
		}
		return nil
	}
}

func systemReady(ctx context.Context, kube kubernetes.Interface) error {
	dns, err := kube.AppsV1().Deployments("kube-system").Get(ctx, "coredns", metav1.GetOptions{})
	if err != nil {
		return err
	}
	if dns.Status.ReadyReplicas == 0 {
		return errors.New("CoreDNS is not ready")
	}
	proxy, err := kube.AppsV1().DaemonSets("kube-system").Get(ctx, "kube-proxy", metav1.GetOptions{})
	if err != nil {
		return err
	}
	if int(proxy.Status.NumberReady) < len(labs.Nodes()) {
		return fmt.Errorf("kube-proxy is ready on %d of %d nodes", proxy.Status.NumberReady, len(labs.Nodes()))
	}
	return nil
}

func namespaceReady(ctx context.Context, kube kubernetes.Interface) error {
	_, err := kube.CoreV1().ServiceAccounts("default").Get(ctx, "default", metav1.GetOptions{})
	return err
}

// poll asks until ask returns nil, ctx ends or limit has passed; the last answer
// is the error.
func poll(ctx context.Context, limit time.Duration, ask func(context.Context) error) error {
	ctx, cancel := context.WithTimeout(ctx, limit)
	defer cancel()
	for {
		err := ask(ctx)
		if err == nil {
			return nil
		}
		select {
		case <-ctx.Done():
			return fmt.Errorf("%w (%w)", err, ctx.Err())
		case <-time.After(200 * time.Millisecond):
		}
	}
}
