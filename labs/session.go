package labs

import "time"

// State is where a session stands.
type State string

// The states of a session. Ended and Broken are final.
const (
	Queued    State = "queued"
	Preparing State = "preparing"
	Ready     State = "ready"
	Paused    State = "paused"
	Ended     State = "ended"
	Broken    State = "failed"
)

// Stage is what a preparing session is waiting for.
type Stage string

// The stages of a start, in order.
const (
	StageNetwork      Stage = "network"       // the session's own network
	StageNodes        Stage = "nodes"         // the node containers boot
	StageControlPlane Stage = "control-plane" // kubeadm init
	StageJoin         Stage = "join"          // node01 joins
	StageReady        Stage = "ready"         // nodes, DNS and Services answer
	StageSetup        Stage = "setup"         // the lab's own setup
)

// Stages lists the stages in the order in which a start passes them.
func Stages() []Stage {
	return []Stage{StageNetwork, StageNodes, StageControlPlane, StageJoin, StageReady, StageSetup}
}

// Session is a learner's run at a lab, on a cluster of its own.
type Session struct {
	ID        string
	LearnerID string
	LabID     string
	Cluster   string // the kind cluster's name; empty until one was asked for
	State     State
	Stage     Stage  // while preparing
	Place     int    // in the queue, from 1, while queued; else 0
	Error     string // one sentence, when failed
	CreatedAt time.Time
	ExpiresAt time.Time // zero: never
	ResetAt   time.Time // attempts before it no longer count; zero: never reset
}

// Open reports whether the session is neither ended nor failed.
func (s Session) Open() bool { return s.State != Ended && s.State != Broken }

// Nodes are the names of the nodes of every session's cluster, the control
// plane first.
func Nodes() []string { return []string{ControlPlane, Worker} }

// The names of the nodes as the learner sees them.
const (
	ControlPlane = "controlplane"
	Worker       = "node01"
)

// Learner is a person who takes labs.
type Learner struct {
	ID   string
	Name string
}

// Event is a fact that has already been recorded.
type Event interface{ Session() string }

// SessionChanged says that a session's row is now this.
type SessionChanged struct{ Now Session }

// StepAttempted says that an attempt was judged and saved.
type StepAttempted struct{ Attempt Attempt }

// Session is the id of the session the event is about.
func (e SessionChanged) Session() string { return e.Now.ID }

// Session is the id of the session the event is about.
func (e StepAttempted) Session() string { return e.Attempt.SessionID }
