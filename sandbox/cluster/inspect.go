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

// Part is one thing on the machine that a cluster is made of.
type Part struct {
	Kind    PartKind
	Name    string
	Cluster string // that it was made for
}

// PartKind is what a part is.
type PartKind string

// The kinds of parts that can outlive their cluster when a program is killed. A
// network is none: List takes one that is left for a broken cluster.
const (
	Container PartKind = "container"
	Volume    PartKind = "volume"
)

// Sweeper finds and removes parts one by one.
type Sweeper interface {
	// Parts returns those of this Greenbox instance, whether or not their cluster
	// still exists.
	Parts(ctx context.Context) ([]Part, error)
	RemovePart(ctx context.Context, p Part) error // a missing part is no error
}
