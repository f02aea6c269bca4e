package cluster

import "context"

// Node is a node of a cluster as the machine has it.
type Node struct {
	Name    string    `json:"name"` // as the learner sees it
	State   NodeState `json:"state"`
	Address string    `json:"address,omitempty"` // in the cluster's network; empty while it is stopped
}

// NodeState is what a node's processes are doing.
type NodeState string

// The states of a node.
const (
	NodeRunning NodeState = "running"
	NodePaused  NodeState = "paused"
	NodeStopped NodeState = "stopped"
)

// Usage is what a node takes of the machine now.
type Usage struct {
	Memory uint64  `json:"memory"` // bytes, without file pages that could be dropped
	CPU    float64 `json:"cpu"`    // cores
}

// Inspector looks at the nodes of clusters. What is removed meanwhile is no error:
// it has no nodes and uses nothing.
type Inspector interface {
	Nodes(ctx context.Context, name string) ([]Node, error)
	// Usage watches a node for about a second.
	Usage(ctx context.Context, name, node string) (Usage, error)
}
