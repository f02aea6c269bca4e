package engine

import (
	"errors"
	"fmt"
)

// manual is what a person does where Greenbox does not know how.
const manual = "install Docker Engine 24 or newer as https://docs.docker.com/engine/install/ says, start it, and run this again"

// situation is what a decision about the engine rests on.
type situation struct {
	host       string // the address asked
	named      bool   // the address comes from DOCKER_HOST
	answers    bool
	denied     bool  // there, but not for this user
	refusal    error // why no privileged container runs; nil when one does
	ours       bool  // Greenbox installed it, or began to
	unfinished bool  // Greenbox began to install it and did not come to the end
	installed  bool  // dockerd is in the path
	root       bool
}

// action is what to do next about the engine.
type action string

const (
	use     action = "use"
	start   action = "start"
	install action = "install"
)

// decide says what to do next, or, in an error for the person at the machine,
// why nothing is done and what they can do.
func decide(s situation) (action, error) {
	switch {
	case s.answers && s.refusal == nil:
		return use, nil
	case s.answers && !s.ours:
		return "", fmt.Errorf("the Docker Engine at %s answers but cannot run a privileged container (%w); Greenbox changes no engine that it did not install: update it to version 24 or newer, or remove it so that Greenbox can install one, and run this again", s.host, s.refusal)
	case s.denied:
		return "", fmt.Errorf("the Docker Engine at %s is not open to this user: run this as root, or add the user to the group docker and log in again", s.host)
	case s.named:
		return "", fmt.Errorf("the Docker Engine that DOCKER_HOST names, %s, does not answer: start it, or unset DOCKER_HOST, and run this again", s.host)
	case !s.root:
		return "", errors.New("no Docker Engine here serves, and only root can install or start one: run this as root, or " + manual)
	case s.answers, s.unfinished, !s.installed:
		return install, nil
	default:
		return start, nil
	}
}

// goneWrong is the error of an engine that an action of ours did not make usable.
func (s situation) goneWrong() error {
	if s.refusal != nil {
		return fmt.Errorf("the Docker Engine that Greenbox installed still cannot run a privileged container (%w): %s", s.refusal, manual)
	}
	return fmt.Errorf("the Docker Engine was started but stopped answering at %s; see %s", s.host, logFile)
}
