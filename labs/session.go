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

// Wait is why a queued session does not begin yet.
type Wait string

// What a queued session waits for: its turn, or room on the machine.
const (
	WaitTurn     Wait = "turn"     // the starts before it
	WaitLimit    Wait = "limit"    // as many clusters are there as the operator allows
	WaitMemory   Wait = "memory"   // the next five: the machine has none left for another cluster
	WaitCPU      Wait = "cpu"      //
	WaitDisk     Wait = "disk"     //
	WaitNetworks Wait = "networks" //
	WaitInotify  Wait = "inotify"  //
	WaitBreaker  Wait = "breaker"  // starts fail one after the other: they are tried again after a pause
)

// Waits lists what a queued session may wait for.
func Waits() []Wait {
	return []Wait{WaitTurn, WaitLimit, WaitMemory, WaitCPU, WaitDisk, WaitNetworks, WaitInotify, WaitBreaker}
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
	Wait      Wait   // while queued
	Error     string // one sentence, when failed
	CreatedAt time.Time
	ExpiresAt time.Time // zero: never
	ResetAt   time.Time // attempts before it no longer count; zero: never reset

	ReadyAt    time.Time     // when its cluster was first the learner's to work on; zero: not yet, or not since a reset
	ReplacedAt time.Time     // when a damaged cluster was replaced by a fresh one, last; zero: never
	Warned     time.Duration // what was left at the last warning of the end; 0: none was given
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
