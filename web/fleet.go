package web

import (
	"context"
	"os"

	"github.com/greenbox-lab/greenbox/labs"
	"github.com/greenbox-lab/greenbox/labs/grade"
	"github.com/greenbox-lab/greenbox/sandbox"
	"github.com/greenbox-lab/greenbox/sandbox/terminal"
)

// Fleet starts, shows and ends the sessions' running side; Over makes one of a
// *sandbox.Fleet, whose promises it repeats.
type Fleet interface {
	Start(ctx context.Context, learner labs.Learner, lab labs.Lab) (s labs.Session, created bool, err error)
	Session(ctx context.Context, id string) (labs.Session, error)
	Touch(ctx context.Context, id string) error // waits for a paused cluster
	Extend(ctx context.Context, id string) error
	Reset(ctx context.Context, id string) error // does not wait for the new cluster
	End(ctx context.Context, id string) error
	Sandbox(ctx context.Context, id string) (Sandbox, error)
	Shell(ctx context.Context, id, node string) (Terminal, error) // also while the lab is being set up
}

// Sandbox is a session's running side.
type Sandbox interface {
	grade.Target
	Hold() (release func())                           // until then the cluster is not paused
	Restore(ctx context.Context, stepID string) error // waits; labs.ErrBusy
}

// Archives are what is kept of the work of ended sessions; *sandbox.Fleet satisfies it.
type Archives interface {
	Archive(sessionID string) labs.Archive
	OpenArchive(sessionID string) (*os.File, error) // labs.ErrNotFound
}

// Terminal is the server's side of a shell. Attach blocks until the viewer
// leaves, the shell exits or ctx ends; it closes the viewer.
type Terminal interface {
	Attach(ctx context.Context, v terminal.Viewer, size terminal.Size, at *terminal.Place) error
}

// Grader judges an attempt, records it and announces it; *grade.Grader satisfies it.
type Grader interface {
	Hold(sessionID string) (release func()) // until then no step passes
	Grade(ctx context.Context, session labs.Session, lab labs.Lab, step labs.Step, answer string, target grade.Target) (labs.Attempt, error)
}

// Over lets web use f.
func Over(f *sandbox.Fleet) Fleet { return fleet{f} }

type fleet struct{ *sandbox.Fleet }

func (f fleet) Sandbox(ctx context.Context, id string) (Sandbox, error) {
	s, err := f.Fleet.Sandbox(ctx, id)
	if err != nil {
		return nil, err
	}
	return s, nil
}

func (f fleet) Shell(ctx context.Context, id, node string) (Terminal, error) {
	t, err := f.Fleet.Shell(ctx, id, node)
	if err != nil {
		return nil, err
	}
	return t, nil
}
