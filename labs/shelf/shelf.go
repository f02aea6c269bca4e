// Package shelf holds the labs that are taught now: those that ship with
// Greenbox and, over them, those of a folder that teachers write in. While Run
// runs, a change in that folder is seen within two seconds and the labs are read
// again; whoever asks has the labs of before or of after, nothing in between.
//
// A lab that breaks a rule never takes the others with it: it is left out, or
// stays as it last was, and Problems says what is wrong, where, and what to do.
//
// The folder is looked at each second rather than watched, which also works on
// network file systems and for editors that write by renaming. The package does
// not know what the labs say nor who takes them.
package shelf

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"slices"
	"sync/atomic"
	"time"

	"github.com/greenbox-lab/greenbox/labs"
	"github.com/greenbox-lab/greenbox/labs/catalog"
)

// Shelf is the labs of now. Its methods may be called by many goroutines.
type Shelf struct {
	base   *catalog.Catalog
	folder fs.FS // nil: there is none
	log    *slog.Logger
	now    atomic.Pointer[reading]
}

// reading is what the folder held at some moment.
type reading struct {
	*catalog.Catalog
	problems []error
	state    fingerprint
}

// New reads the labs of folder, which may be nil, over those of base. The error
// says that the folder cannot be read at all.
func New(base *catalog.Catalog, folder fs.FS, log *slog.Logger) (*Shelf, error) {
	s := &Shelf{base: base, folder: folder, log: log}
	s.now.Store(&reading{Catalog: base})
	if folder == nil {
		return s, nil
	}
	state, err := look(folder)
	if err != nil {
		return nil, fmt.Errorf("read the folder of labs: %w", err)
	}
	s.read(state)
	return s, nil
}

// Labs are those of now, ordered by id.
func (s *Shelf) Labs() []labs.Lab { return s.now.Load().Labs() }

// Lab returns the lab with that id as it is now, or labs.ErrNotFound.
func (s *Shelf) Lab(id string) (labs.Lab, error) { return s.now.Load().Lab(id) }

// Tracks are the ways through the labs of now, in order.
func (s *Shelf) Tracks() []labs.Track { return s.now.Load().Tracks() }

// Problems are what is wrong with labs of the folder; those that say where are
// *catalog.Problem.
func (s *Shelf) Problems() []error { return slices.Clone(s.now.Load().problems) }

// interval is how often the folder is looked at.
const interval = time.Second

// Run reads the labs again whenever the folder has changed, and then tells
// changed, until ctx ends.
func (s *Shelf) Run(ctx context.Context, changed func()) error {
	if s.folder == nil {
		<-ctx.Done()
		return nil
	}
	tick := time.NewTicker(interval)
	defer tick.Stop()
	for {
		select {
		case <-ctx.Done():
			return nil
		case <-tick.C:
		}
		state, err := look(s.folder)
		if err != nil {
			state = fingerprint{} // it is read again when it can be, and says so now
		}
		if state != s.now.Load().state {
			s.read(state)
			changed()
		}
	}
}

// read takes the labs of the folder, which is in that state.
func (s *Shelf) read(state fingerprint) {
	c, problems := catalog.Relayered(s.base, s.now.Load().Catalog, s.folder)
	s.now.Store(&reading{c, problems, state})
	s.log.Info("labs read", "labs", len(c.Labs()), "problems", len(problems))
	for _, err := range problems {
		var p *catalog.Problem
		if errors.As(err, &p) {
			s.log.Warn("a lab is left as it was", "at", fmt.Sprintf("%s:%d", p.File, p.Line), "what", p.What, "remedy", p.Remedy)
			continue
		}
		s.log.Warn("labs cannot be read", "error", err)
	}
}
