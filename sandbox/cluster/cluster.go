// Package cluster says what the rest of Greenbox may ask of a learner's
// Kubernetes cluster, whoever makes it: a Provider makes, lists and removes
// clusters, a Pauser stops and resumes them, and Access reaches into one.
//
// It knows no Docker and no kind: package sandbox/kind implements these three
// interfaces, and a provider that runs the same node image as pods of another
// cluster can do so without a change above it. A cluster's name is unique on
// the machine and is the key of every call; nodes are named as the learner sees
// them (labs.ControlPlane, labs.Worker).
package cluster

import (
	"context"
	"io"
	"time"

	"github.com/greenbox-lab/greenbox/labs"
	"k8s.io/client-go/rest"
)

// Cluster is one learner's cluster as the machine knows it.
type Cluster struct {
	Name    string
	Labels  Labels
	Created time.Time
	State   State
}

// State is what the cluster's nodes are doing.
type State string

// The states of a cluster. Broken means that nodes are missing or stopped.
const (
	Running State = "running"
	Paused  State = "paused"
	Broken  State = "broken"
)

// Labels are kept on everything a cluster consists of.
type Labels struct {
	Session string
	Learner string
	Lab     string
}

// Provider makes, lists and removes the clusters of one Greenbox instance.
type Provider interface {
	// Create blocks until every node is Ready and cluster DNS and Services answer,
	// reporting each stage as it begins. On any error, and when ctx ends, nothing
	// is left behind; the error is one sentence for the learner.
	Create(ctx context.Context, name string, labels Labels, stage func(labs.Stage)) error
	// Delete removes the cluster and all that belongs to it; a missing cluster is no error.
	Delete(ctx context.Context, name string) error
	// List returns what exists of this instance, half-made and broken clusters included.
	List(ctx context.Context) ([]Cluster, error)
}

// Pauser stops a cluster's processes in place and lets them run again.
type Pauser interface {
	Pause(ctx context.Context, name string) error
	// Resume blocks until the API server answers. A running cluster is no error.
	Resume(ctx context.Context, name string) error
}

// Access reaches into a running cluster.
type Access interface {
	// Run runs a program on a node, as root, outside the learner's shells, and
	// waits for it. An exit code other than 0 is not an error. Output is stdout
	// and stderr together, at most MaxOutput bytes.
	Run(ctx context.Context, name, node string, argv []string, stdin io.Reader) (Result, error)
	// Dial starts a program on a node and joins the stream to its stdin and
	// stdout. The caller closes the stream, which ends the program.
	Dial(ctx context.Context, name, node string, argv []string) (io.ReadWriteCloser, error)
	// Config is an administrator's client configuration, not the learner's.
	Config(ctx context.Context, name string) (*rest.Config, error)
}

// MaxOutput is the most output of a program that Run keeps, in bytes.
const MaxOutput = 64 << 10

// Result is what a program on a node came to.
type Result struct {
	ExitCode int
	Output   []byte
}
