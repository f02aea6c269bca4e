// Package agent runs on each node of a cluster (Serve) and is how the server
// reaches it (Client). It owns the learner's shells, so that they outlive the
// browser and the server: a shell that were a child of either would die with it
// or be orphaned.
//
// A shell is bash on a PTY with a ring of its output. Every attachment is a
// cursor into that ring; there is no queue per viewer. The PTY is read as fast
// as the fastest viewer takes the output, so a flood does not run away from
// whoever looks at it, and never as slowly as the slowest: a cursor that the
// ring has overtaken ends its attachment, which may come back for a replay. With
// no viewer the shell runs free. Output is coalesced here, at the source, for at
// most 2 ms after a chunk was sent, so that neither the node's stream nor the
// page sees a message for every write of a program; the first byte after a
// silence goes out at once. The size of the window is that of whoever typed last.
//
// Files are watched by inotify, for as long as a stream asks for it: each such
// stream has an instance of its own, of which a host has few (128 for all of root,
// whichever container it is in), so the server opens one a node and only while an
// open step names files there. A change is announced as such, without saying what:
// whoever is told reads the files again.
//
// The wire is one byte stream, whatever carries it: a line of greeting on both
// sides, then yamux; each of its streams opens with a request (see request) and
// carries a file, or the frames of an attachment or of a watch (see frame.go).
//
// The agent knows no learner, no lab and no engine. What a node needs beside
// shells has packages of its own that Serve runs: sandbox/agent/node keeps names
// and routes, sandbox/agent/mirror hands baked images to containerd. It does not
// interpret what shells print: whole runes are sandbox/terminal's concern, and
// escape sequences the page's.
package agent

import (
	"context"
	"log/slog"
	"time"

	"golang.org/x/sync/errgroup"

	"github.com/greenbox-lab/greenbox/sandbox/agent/mirror"
	"github.com/greenbox-lab/greenbox/sandbox/agent/node"
)

// Config says where the agent finds and keeps things on its node.
type Config struct {
	Socket   string        // the unix socket to listen on; only root may connect
	Home     string        // of the user whose shells these are
	Node     node.Config   // names and routes; not kept when its File is empty
	Registry mirror.Config // the image registry; none when its Addr is empty
	Log      *slog.Logger
}

// Socket is where the agent of a node listens.
const Socket = "/run/greenbox/agent.sock"

// DefaultConfig is the agent's place on a node.
func DefaultConfig(log *slog.Logger) Config {
	return Config{
		Socket:   Socket,
		Home:     "/root",
		Node:     node.DefaultConfig(log),
		Registry: mirror.DefaultConfig(),
		Log:      log,
	}
}

// Serve runs the agent until ctx ends, then ends every shell. It returns early
// only when it cannot listen for the server.
func Serve(ctx context.Context, cfg Config) error {
	group, ctx := errgroup.WithContext(ctx)
	group.Go(func() error { return serveSocket(ctx, cfg) })
	if cfg.Node.File != "" {
		group.Go(func() error { return node.Keep(ctx, cfg.Node) })
	}
	if cfg.Registry.Addr != "" {
		group.Go(func() error {
			keepMirror(ctx, cfg)
			return nil
		})
	}
	return group.Wait()
}

// The time between attempts to serve the mirror.
const (
	mirrorPause    = time.Second
	mirrorPauseMax = 30 * time.Second
)

// keepMirror serves the mirror until ctx ends. The shells do not go with it: its
// port may be a learner's for a while, from a Pod in the node's network.
func keepMirror(ctx context.Context, cfg Config) {
	for pause := mirrorPause; ctx.Err() == nil; pause = min(2*pause, mirrorPauseMax) {
		err := mirror.Serve(ctx, cfg.Registry)
		if ctx.Err() != nil {
			return
		}
		cfg.Log.Error("no image mirror for now", "again", pause, "error", err)
		select {
		case <-ctx.Done():
		case <-time.After(pause):
		}
	}
}
