package grade

import (
	"context"
	"fmt"
	"strings"

	"github.com/greenbox-lab/greenbox/labs"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/fields"
	"k8s.io/apimachinery/pkg/runtime/schema"
	"k8s.io/apimachinery/pkg/util/json"
	"k8s.io/client-go/discovery"
	"k8s.io/client-go/dynamic"
	"k8s.io/client-go/rest"
	"k8s.io/client-go/restmapper"

	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
)

// api is the API server of one cluster.
type api struct {
	discovery *discovery.DiscoveryClient
	dynamic   *dynamic.DynamicClient
}

func connect(ctx context.Context, target Target) (*api, error) {
	config, err := target.Config(ctx)
	if err != nil {
		return nil, fmt.Errorf("find the API server: %w", err)
	}
	config = rest.CopyConfig(config)
	config.UserAgent = "greenbox-grade"
	config.WarningHandler = rest.NoWarnings{}
	client, err := rest.HTTPClientFor(config)
	if err != nil {
		return nil, fmt.Errorf("make API client: %w", err)
	}
	disco, err := discovery.NewDiscoveryClientForConfigAndClient(config, client)
	if err != nil {
		return nil, fmt.Errorf("make API client: %w", err)
	}
	dyn, err := dynamic.NewForConfigAndClient(config, client)
	if err != nil {
		return nil, fmt.Errorf("make API client: %w", err)
	}
	return &api{disco, dyn}, nil
}

// resource finds the objects of the check's kind and namespace. The error is a
// no-match error when the cluster does not have the kind.
func (a *api) resource(ctx context.Context, check labs.ObjectCheck) (dynamic.ResourceInterface, error) {
	groups, err := restmapper.GetAPIGroupResourcesWithContext(ctx, a.discovery)
	if err != nil {
		return nil, err
	}
	kind := schema.ParseGroupResource(strings.ToLower(check.Kind))
	found, err := restmapper.NewDiscoveryRESTMapper(groups).ResourceFor(kind.WithVersion(""))
	if err != nil {
		return nil, err
	}
	if check.Namespace == "" {
		return a.dynamic.Resource(found), nil
	}
	return a.dynamic.Resource(found).Namespace(check.Namespace), nil
}

// which selects the objects of the check among those of its kind and namespace.
func which(check labs.ObjectCheck) metav1.ListOptions {
	options := metav1.ListOptions{LabelSelector: check.Selector}
	if check.Name != "" {
		options.FieldSelector = fields.OneTermEqualSelector("metadata.name", check.Name).String()
	}
	return options
}

// objects lists those that the check is about.
func objects(ctx context.Context, target Target, check labs.ObjectCheck) ([]unstructured.Unstructured, error) {
	server, err := connect(ctx, target)
	if err != nil {
		return nil, err
	}
	resource, err := server.resource(ctx, check)
	if err != nil {
		return nil, err
	}
	list, err := resource.List(ctx, which(check))
	if err != nil {
		return nil, err
	}
	return list.Items, nil
}

// configz returns the configuration with which a node's kubelet runs.
func configz(ctx context.Context, target Target, node string) (map[string]any, error) {
	server, err := connect(ctx, target)
	if err != nil {
		return nil, err
	}
	raw, err := server.discovery.RESTClient().Get().AbsPath("/api/v1/nodes", node, "proxy/configz").DoRaw(ctx)
	if err != nil {
		return nil, err
	}
	var answer struct {
		KubeletConfig map[string]any `json:"kubeletconfig"`
	}
	if err := json.Unmarshal(raw, &answer); err != nil {
		return nil, fmt.Errorf("read configz: %w", err)
	}
	return answer.KubeletConfig, nil
}
