// Package control is how the operator's commands reach the running server: HTTP
// with JSON on a unix socket in the data folder, which only the server's own user
// can open. Whoever can open it can do what the commands can.
//
// A Desk does what is asked. The Server serves one; a Client asks a server's; and
// where no server runs, a command has a Desk of its own. What only a running server
// can do (the queue, warming up) is the Client's alone.
//
// The package knows no Docker and no SQL: it is given a Machine and a Store.
package control

import (
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"time"

	"github.com/greenbox-lab/greenbox/labs"
	"github.com/greenbox-lab/greenbox/sandbox/cluster"
)

// Operator is what can be done with or without a server.
type Operator interface {
	// Clusters lists what there is, oldest first; measured adds what each node uses,
	// which takes about two seconds.
	Clusters(ctx context.Context, measured bool) ([]Cluster, error)
	// Remove ends the open session with that id or cluster, or removes the cluster of
	// that name that no session has, and waits until the cluster is gone. The error is
	// labs.ErrNotFound when there is neither.
	Remove(ctx context.Context, name string) error
	// Sweep removes what no session and no pool has any more, or, dry, only says what
	// that is. A cluster whose learner's work is not saved yet stays for the server.
	Sweep(ctx context.Context, dry bool) ([]Swept, error)
}

// Cluster is a cluster as the operator sees it, with the session that has it.
type Cluster struct {
	Name    string       `json:"name"`
	Session string       `json:"session,omitempty"`
	At      labs.State   `json:"session_state,omitempty"` // where that session stands
	Learner string       `json:"learner,omitempty"`       // the name, or the id of one that is gone
	Lab     string       `json:"lab,omitempty"`
	Owner   Owner        `json:"owner"`
	State   State        `json:"state"`
	Created time.Time    `json:"created"`
	Expires time.Time    `json:"expires,omitzero"`
	Nodes   []NodeStatus `json:"nodes,omitempty"`
}

// Owner is whom a cluster was made for.
type Owner string

// The owners. A cluster that nobody has is an orphan: a server that was killed left
// it, and the next one or Sweep removes it.
const (
	OfSession Owner = "session"
	OfPool    Owner = "pool"
	OfNobody  Owner = "nobody"
)

// State is what a cluster does.
type State string

// The states of a cluster. Starting is one that is being made or set up; Broken means
// that a node is missing.
const (
	Starting State = "starting"
	Running  State = "running"
	Paused   State = "paused"
	Stopped  State = "stopped"
	Broken   State = "broken"
)

// NodeStatus is a node with what it uses, which is nil where nobody measured it.
type NodeStatus struct {
	cluster.Node

	Usage *cluster.Usage `json:"usage,omitempty"`
}

// Swept is a cluster, or what was left of one, that Sweep removed, or why it could not.
type Swept struct {
	Name  string `json:"name"`
	Error string `json:"error,omitempty"`
}

// ErrNoServer says that no server runs on a data folder.
var ErrNoServer = errors.New("no greenbox server runs on this data folder")

// maxPath is the longest path of a socket that the kernel takes, in bytes.
const maxPath = 107

// Path is where the server of a data folder listens. The error says that the folder's
// path is too long for that.
func Path(data string) (string, error) {
	path, err := filepath.Abs(filepath.Join(data, "control.sock"))
	if err != nil {
		return "", err
	}
	if len(path) > maxPath {
		return "", fmt.Errorf("%s: the path of the commands' socket has %d bytes and the kernel takes %d: give a shorter --data, or a link to that folder",
			path, len(path), maxPath)
	}
	return path, nil
}
