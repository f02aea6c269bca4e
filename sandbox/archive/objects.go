package archive

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strings"

	apierrors "k8s.io/apimachinery/pkg/api/errors"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/runtime/schema"
	"k8s.io/client-go/discovery"
	"k8s.io/client-go/dynamic"
	"k8s.io/client-go/rest"
	"sigs.k8s.io/yaml"
)

// pageSize is how many objects are asked for at once.
const pageSize = 50

// passing are the kinds whose objects come and go by themselves.
var passing = []string{"Event", "Endpoints", "EndpointSlice", "Lease", "ControllerRevision", "PodMetrics"}

// clusterwide are the kinds outside of namespaces that learners make objects of.
var clusterwide = []string{
	"Namespace", "PersistentVolume", "StorageClass", "PriorityClass", "IngressClass", "RuntimeClass", "ClusterRole", "ClusterRoleBinding",
	"CustomResourceDefinition", "ValidatingWebhookConfiguration", "MutatingWebhookConfiguration", "ValidatingAdmissionPolicy",
	"ValidatingAdmissionPolicyBinding",
}

// lister lists what an API server has.
type lister struct {
	kinds   *discovery.DiscoveryClient
	objects *dynamic.DynamicClient
}

func newLister(config *rest.Config, client *http.Client) (lister, error) {
	kinds, err := discovery.NewDiscoveryClientForConfigAndClient(config, client)
	if err != nil {
		return lister{}, err
	}
	objects, err := dynamic.NewForConfigAndClient(config, client)
	return lister{kinds, objects}, err
}

// objects writes the objects that were not there at the beginning, a file each.
func (c *collection) objects(ctx context.Context) error {
	config, err := c.work.Reach.Config(ctx)
	if err != nil {
		return err
	}
	config = bounded(config)
	client, err := rest.HTTPClientFor(config)
	if err != nil {
		return err
	}
	defer client.CloseIdleConnections()
	api, err := newLister(config, client)
	if err != nil {
		return err
	}
	lists, err := api.kinds.ServerPreferredResourcesWithContext(ctx)
	if len(lists) == 0 {
		return errors.Join(err, ctx.Err())
	}
	if err != nil { // an extension of the API that is not there, as may be the lesson
		c.leave("some kinds of objects: %v", err)
	}
	room := maxObjects
	for _, list := range lists {
		for _, kind := range list.APIResources {
			if !slices.Contains(kind.Verbs, "list") || !c.wantedKind(kind) {
				continue
			}
			if err := c.kind(ctx, api, list.GroupVersion, kind, &room); err != nil {
				return err
			}
		}
	}
	return nil
}

// wantedKind leaves objects outside of namespaces alone where it is not known
// which were there before.
func (c *collection) wantedKind(kind metav1.APIResource) bool {
	if kind.Namespaced {
		return !slices.Contains(passing, kind.Kind)
	}
	return slices.Contains(clusterwide, kind.Kind) && (len(c.began) > 0 || kind.Kind == "Namespace")
}

// kind writes the objects of a kind, page by page. A kind that the API server says
// it cannot list is left out.
func (c *collection) kind(ctx context.Context, api lister, version string, kind metav1.APIResource, room *int) error {
	group, err := schema.ParseGroupVersion(version)
	if err != nil {
		return err
	}
	resource := api.objects.Resource(group.WithResource(kind.Name))
	options := metav1.ListOptions{Limit: pageSize}
	for {
		page, err := resource.List(ctx, options)
		if refused := apierrors.APIStatus(nil); errors.As(err, &refused) {
			c.leave("%s: %v", kind.Name, err)
			return nil
		}
		if err != nil {
			return fmt.Errorf("list %s: %w", kind.Name, err)
		}
		for _, object := range page.Items {
			if err := c.object(object, room); err != nil {
				return err
			}
		}
		if options.Continue = page.GetContinue(); options.Continue == "" {
			return nil
		}
	}
}

// object writes one object, if the learner made it.
func (c *collection) object(object unstructured.Unstructured, room *int) error {
	if !c.made(object) {
		return nil
	}
	plain(object)
	content, err := yaml.Marshal(object.Object)
	if err != nil {
		return err
	}
	if *room < len(content) {
		c.leave("%s %s: the objects together have more than %d MiB", object.GetKind(), object.GetName(), maxObjects>>20)
		return nil
	}
	*room -= len(content)
	folder := "cluster"
	if object.GetNamespace() != "" {
		folder = "namespace-" + tidy(object.GetNamespace())
	}
	name := tidy(strings.ToLower(object.GetKind()) + "-" + object.GetName())
	return c.put("objects/"+folder+"/"+name+".yaml", 0o600, c.work.Ended, content)
}

// made reports whether an object is the learner's: neither there at the beginning,
// nor the system's, nor made by a controller for another one.
func (c *collection) made(object unstructured.Unstructured) bool {
	kind, namespace, name := object.GetKind(), object.GetNamespace(), object.GetName()
	switch {
	case c.began[key(kind, namespace, name)], metav1.GetControllerOf(&object) != nil:
		return false
	case strings.HasPrefix(namespace, "kube-"), kind == "Namespace" && (strings.HasPrefix(name, "kube-") || name == "default"):
		return false
	case kind == "ConfigMap" && name == "kube-root-ca.crt", kind == "ServiceAccount" && name == "default":
		return false
	}
	return kind != "Service" || namespace != "default" || name != "kubernetes"
}

// plain leaves of an object what one would write.
func plain(object unstructured.Unstructured) {
	delete(object.Object, "status")
	for _, field := range []string{"managedFields", "resourceVersion", "uid", "generation", "creationTimestamp", "selfLink"} {
		unstructured.RemoveNestedField(object.Object, "metadata", field)
	}
	const applied = "kubectl.kubernetes.io/last-applied-configuration"
	if annotations := object.GetAnnotations(); annotations[applied] != "" {
		delete(annotations, applied)
		object.SetAnnotations(annotations)
	}
}
