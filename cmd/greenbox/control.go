package main

import (
	"context"

	"github.com/greenbox-lab/greenbox/labs"
	"github.com/greenbox-lab/greenbox/web/control"
)

// answerCommands answers `greenbox cluster` until ctx ends. A server that cannot
// serves learners all the same.
func (p *product) answerCommands(ctx context.Context) {
	path, err := control.Path(p.data)
	if err != nil {
		p.log.Warn("`greenbox cluster` cannot reach this server", "error", err)
		return
	}
	ln, err := control.Listen(ctx, path)
	if err != nil {
		p.log.Warn("`greenbox cluster` cannot reach this server", "error", err)
		return
	}
	s := control.Server{
		Fleet: p.fleet, Log: p.log,
		Desk: control.Desk{
			Store: p.db, Machine: p.provider, End: p.fleet.End, Holds: p.fleet.Holds,
			Saved: func(id string) bool { return p.fleet.Archive(id).State == labs.ArchiveSaved },
		},
	}
	if err := s.Serve(ctx, ln); err != nil {
		p.log.Error("answer commands", "error", err)
	}
}
