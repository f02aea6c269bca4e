package sandbox_test

import (
	"context"

	"github.com/greenbox-lab/greenbox/sandbox"
	"k8s.io/client-go/rest"
)

// What package grade asks of a cluster.
var _ interface {
	Config(ctx context.Context) (*rest.Config, error)
	ReadFile(ctx context.Context, node, path string) ([]byte, error)
	Run(ctx context.Context, node, script string) (exitCode int, output string, err error)
} = (*sandbox.Sandbox)(nil)
