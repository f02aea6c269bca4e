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
	"errors"
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

// The states of a cluster.
const (
	Running State = "running"
	Paused  State = "paused"
	Stopped State = "stopped" // a node's machine is off, as after a restart of the engine: Resume starts it
	Broken  State = "broken"  // nodes are missing, or their network is
)

// Labels are kept on everything a cluster consists of: networks, containers and
// volumes, where there are any. They cannot be changed later.
type Labels struct {
	Session string // empty for a spare
	Learner string
	Lab     string
	Created time.Time // of the session
	Expires time.Time // of the session, as it was at first; zero: never
	Spare   bool      // made for nobody yet: with a low CPU weight until Take
}

// ErrDamaged says that a cluster cannot come back: its database lost what it had
// written, as after a power loss.
var ErrDamaged = errors.New("the cluster's database is damaged")

// Room is how many more clusters the machine has room for.
type Room struct {
	Clusters int
	Short    labs.Wait // what runs out first, such as labs.WaitMemory
}

// Surveyor counts the room on the machine.
type Surveyor interface {
	// Room asks the machine now; clusters that exist already take what they take,
	// paused ones what they would when they are resumed.
	Room(ctx context.Context) (Room, error)
}

// Taker makes a spare a learner's.
type Taker interface {
	// Take gives a spare the CPU weight of a learner's cluster, before or after it is
	// resumed. From then on List says that it is no spare.
	Take(ctx context.Context, name string) error
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
	// Resume blocks until the API server answers, and starts stopped nodes. Where none
	// had stopped it soon returns without an answer: silence may be the learner's work.
	// A running cluster is no error; one that can never come back is ErrDamaged.
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
