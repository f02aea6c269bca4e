package clustertest

import (
	"context"

	"github.com/greenbox-lab/greenbox/labs"
	"github.com/greenbox-lab/greenbox/sandbox/cluster"
)

// SetRoom gives the machine room for so many clusters in all, and has it be short
// of that when they are there. A new machine has room for a thousand.
func (m *Machine) SetRoom(clusters int, short labs.Wait) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.room = cluster.Room{Clusters: clusters, Short: short}
}

// Room implements cluster.Surveyor.
func (m *Machine) Room(ctx context.Context) (cluster.Room, error) {
	if err := m.ask(ctx, Call{Op: Room}); err != nil {
		return cluster.Room{}, err
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	return cluster.Room{Clusters: max(0, m.room.Clusters-len(m.clusters)), Short: m.room.Short}, nil
}
