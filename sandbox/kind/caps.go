package kind

import (
	"context"
	"fmt"

	"github.com/greenbox-lab/greenbox/sandbox/cluster"
	"github.com/moby/moby/api/types/container"
	"github.com/moby/moby/client"
)

// What one node may take of the machine. An idle control plane uses about 0.5 GiB
// and 400 processes; the rest is room for what learners run.
const (
	nodeMemory = 3 << 30
	nodeCPUs   = 2
	nodePids   = 4096
)

// byUs leaves it to Resume to start nodes again. kind's own policy has the engine do
// it after a power loss, for all clusters at once, and nobody looks for damage.
var byUs = container.RestartPolicy{Name: container.RestartPolicyDisabled}

// capNodes bounds and weighs both nodes. kind has no option for it.
func (p *Provider) capNodes(ctx context.Context, name string, l cluster.Labels) error {
	pids := int64(nodePids)
	for _, id := range containers(name) {
		_, err := p.cfg.Engine.Client().ContainerUpdate(ctx, id, client.ContainerUpdateOptions{Resources: &container.Resources{
			Memory: nodeMemory, MemorySwap: nodeMemory, NanoCPUs: nodeCPUs * 1e9, PidsLimit: &pids, CPUShares: sharesOf(l),
		}, RestartPolicy: &byUs})
		if err != nil {
			return fmt.Errorf("cap %s: %w", id, err)
		}
	}
	return nil
}
