// Package sandbox is what runs: the Fleet owns every learner's Sandbox and
// every goroutine that serves one. A Sandbox is the running side of a session:
// its cluster, the streams to its nodes, its terminals.
//
// A session's row in the Store is the intent and is written before the machine
// is touched; the labels on the clusters are the truth. Run joins the two when
// it begins and every 15 seconds: both, adopt; a cluster alone, remove it; a
// row alone, say that the cluster was lost. So a server may be killed at any
// moment and the next one goes on where it stopped. When Run ends, clusters
// stay, paused.
//
// Each open session has one goroutine that lives its life: it waits in line,
// has the cluster made and set up, waits for the end, has the learner's work saved
// and removes the cluster.
// Whoever else changes the session (End, a resume, the join) goes through
// Fleet.change, which saves one change at a time and then publishes it. States
// only move forward, but for ready and paused, for a start cut short by a crash,
// which takes its place in line again, and for a reset: that gives the session a
// new cluster, and all that was open on the old one ends.
//
// Where the engine or the machine was restarted, clusters have stopped. Those of
// ready sessions, which someone was working on, are revived at once, a few at a
// time; those of paused ones stay stopped, which costs nothing, until they are
// used. One that cannot come back is replaced: the session gets a fresh cluster as
// after a reset, but what was passed stays passed.
//
// Spares are clusters made for nobody yet. One goroutine makes them, row first like
// all else, while no learner's start is under way or in line, and leaves them paused.
// A start takes one at once, and the session has its id: what a lab draws for the
// session is known before, so that a lab that is kept warm is set up on its spares
// beforehand. Else the setup runs while the learner looks around. A reset swaps one
// in, a warm one where it drew the same. So does a start that stands in line: a spare
// is set aside for the first that it fits before anyone who comes later may take it.
// What has been taken never goes back.
//
// The package knows no HTTP, no SQL and no Docker, and does not judge: it gives
// package grade the Sandbox to look into.
package sandbox

import (
	"context"
	"errors"
	"fmt"
	"sync"

	"github.com/greenbox-lab/greenbox/labs"
)

// ErrStopping says that the server is stopping and takes nothing new.
var ErrStopping = errors.New("the server is stopping")

// Fleet owns the sandboxes. It does nothing until Run is called: until then its
// methods wait, for callTimeout at most.
type Fleet struct {
	cfg      Config
	line     *line
	pool     *pool
	saves    chan struct{}              // has room for what saves a session's work at once
	jobs     chan func(context.Context) // for Run to start, so that Run owns every goroutine
	loaded   chan struct{}              // closed when every open row has its sandbox
	joined   chan struct{}              // closed when the rows were first joined with the clusters
	stopped  chan struct{}              // closed when Run begins to end
	revivals chan struct{}              // has room for the few clusters that are revived at once

	mu        sync.Mutex
	sandboxes map[string]*Sandbox // by session, until its cluster is gone; guarded by mu
}

// New returns a Fleet; Run brings it to life.
func New(cfg Config) *Fleet {
	cfg = cfg.withDefaults()
	pool := newPool()
	return &Fleet{
		cfg:       cfg,
		line:      newLine(cfg.Parallel, cfg.MaxClusters, cfg.Surveyor != nil, pool.size),
		saves:     make(chan struct{}, savesAtOnce),
		revivals:  make(chan struct{}, revivals),
		pool:      pool,
		jobs:      make(chan func(context.Context)),
		loaded:    make(chan struct{}),
		joined:    make(chan struct{}),
		stopped:   make(chan struct{}),
		sandboxes: map[string]*Sandbox{},
	}
}

// Session returns the session as it is now, its stage and its place in line
// included. It does not wait for the machine.
func (f *Fleet) Session(ctx context.Context, id string) (labs.Session, error) {
	if s := f.lookup(id); s != nil {
		return s.Session(), nil
	}
	return f.cfg.Store.Session(ctx, id)
}

// Sandbox returns the running side of a session for its learner, whose touch it
// is. A paused one is resumed first, which blocks until its cluster answers; the
// Sandbox remains the Fleet's. The
// errors are labs.ErrNotFound, labs.ErrNotReady while it is queued or preparing,
// and labs.ErrEnded when it has ended or failed.
func (f *Fleet) Sandbox(ctx context.Context, id string) (*Sandbox, error) {
	s, err := f.find(ctx, id)
	if err != nil {
		return nil, err
	}
	s.touch()
	if err := f.await(ctx, f.joined); err != nil {
		return nil, fmt.Errorf("%w: %w", labs.ErrNotReady, err)
	}
	switch s.Session().State {
	case labs.Queued, labs.Preparing:
		return nil, labs.ErrNotReady
	case labs.Ended, labs.Broken:
		return nil, labs.ErrEnded
	case labs.Paused:
		if err := f.resume(ctx, s); err != nil {
			return nil, err
		}
	case labs.Ready:
	}
	return s, nil
}

// find returns the sandbox of a session that is open or whose cluster is still
// being removed, else labs.ErrEnded or labs.ErrNotFound.
func (f *Fleet) find(ctx context.Context, id string) (*Sandbox, error) {
	if err := f.await(ctx, f.loaded); err != nil {
		return nil, err
	}
	if s := f.lookup(id); s != nil {
		return s, nil
	}
	row, err := f.cfg.Store.Session(ctx, id)
	if err != nil {
		return nil, err
	}
	if row.Open() { // saved by someone else just now: the next join adopts it
		return nil, labs.ErrNotReady
	}
	return nil, labs.ErrEnded
}

// holder returns the sandbox of the session that has the cluster, or nil. A cluster's
// labels do not tell: spares were made before they had one.
func (f *Fleet) holder(cluster string) *Sandbox {
	for _, s := range f.all() {
		if s.cluster() == cluster {
			return s
		}
	}
	return nil
}

func (f *Fleet) lookup(id string) *Sandbox {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.sandboxes[id]
}

// all returns the sandboxes of now, in no order.
func (f *Fleet) all() []*Sandbox {
	f.mu.Lock()
	defer f.mu.Unlock()
	list := make([]*Sandbox, 0, len(f.sandboxes))
	for _, s := range f.sandboxes {
		list = append(list, s)
	}
	return list
}

func (f *Fleet) hold(s *Sandbox) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.sandboxes[s.id] = s
}

func (f *Fleet) forget(s *Sandbox) {
	f.mu.Lock()
	defer f.mu.Unlock()
	delete(f.sandboxes, s.id)
	f.line.release(s.id)
}

// await blocks until ready is closed, for callTimeout at most. Once Run begins to
// end it is always ErrStopping.
func (f *Fleet) await(ctx context.Context, ready <-chan struct{}) error {
	ctx, cancel := context.WithTimeout(ctx, callTimeout)
	defer cancel()
	select {
	case <-f.stopped:
		return ErrStopping
	default:
	}
	select {
	case <-ready:
		return nil
	case <-f.stopped:
		return ErrStopping
	case <-ctx.Done():
		return ctx.Err()
	}
}
