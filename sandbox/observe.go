package sandbox

import "time"

// The ways in which a cluster comes to be a learner's.
const (
	FromPool = "pool" // it was there as a spare
	Cold     = "cold" // it was made for them
)

// Observer is told what starts, resets included, cost, and which failed. Its
// methods must not block.
type Observer interface {
	// Started is told how long a session's cluster took until it could be used, from
	// when its turn came. The lab's setup comes after that.
	Started(from string, took time.Duration)
	// SetUp is told how long a lab's setup took, on a session's cluster or on a spare.
	SetUp(labID string, took time.Duration)
	// Failed is told that a session's start has failed for good, or one try to make a
	// spare (FromPool).
	Failed(from string)
}

// blind is the Observer where there is none.
type blind struct{}

func (blind) Started(string, time.Duration) {}
func (blind) SetUp(string, time.Duration)   {}
func (blind) Failed(string)                 {}
