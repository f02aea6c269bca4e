package labs

import (
	"errors"
	"fmt"
	"strings"
)

// Errors that every layer may return and web turns into problems.
var (
	ErrNotFound      = errors.New("not found")
	ErrNotReady      = errors.New("the session's cluster is not ready")
	ErrEnded         = errors.New("the session has ended")
	ErrLongest       = errors.New("the session already lasts as long as one may")
	ErrBusy          = errors.New("another change of the session's cluster is under way")
	ErrDiskFull      = errors.New("the server's disk is full")
	ErrAnswerMissing = errors.New("the step asks a question and the attempt has no answer")
)

// SessionLimitError says that a learner already has as many open sessions as
// allowed: those with the ids Open.
type SessionLimitError struct {
	Limit int
	Open  []string
}

func (e *SessionLimitError) Error() string {
	return fmt.Sprintf("at most %d sessions may be open: %s", e.Limit, strings.Join(e.Open, ", "))
}
