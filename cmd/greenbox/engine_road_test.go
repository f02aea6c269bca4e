package main

import (
	"context"
	"io"
	"net"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"github.com/greenbox-lab/greenbox/sandbox/engine"
)

// engineRoad is the only way to the engine for what the test runs, and can be blocked.
type engineRoad struct {
	engine string // its socket
	socket string

	mu       sync.Mutex
	listener net.Listener // nil while it is blocked; guarded by mu
	conns    []net.Conn   // guarded by mu
}

// newEngineRoad has DOCKER_HOST name the road until the test ends.
func newEngineRoad(t *testing.T) *engineRoad {
	t.Helper()
	if testing.Short() {
		t.Skip("needs an engine and the node image")
	}
	e, err := engine.Open(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	defer e.Close()
	socket, local := strings.CutPrefix(e.Client().DaemonHost(), "unix://")
	if !local {
		t.Fatalf("the engine at %s is not on this machine: make test needs one that is", e.Client().DaemonHost())
	}
	dir, err := os.MkdirTemp("", "gb") //nolint:usetesting // a socket's path is short
	if err != nil {
		t.Fatal(err)
	}
	r := &engineRoad{engine: socket, socket: filepath.Join(dir, "s")}
	r.open(t)
	t.Cleanup(func() {
		r.block()
		if err := os.RemoveAll(dir); err != nil {
			t.Error(err)
		}
	})
	t.Setenv("DOCKER_HOST", "unix://"+r.socket)
	return r
}

func (r *engineRoad) open(t *testing.T) {
	t.Helper()
	ln, err := new(net.ListenConfig).Listen(t.Context(), "unix", r.socket)
	if err != nil {
		t.Fatal(err)
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	r.listener = ln
	go r.serve(ln)
}

// block refuses who comes and cuts off who is on the road.
func (r *engineRoad) block() {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.listener == nil {
		return
	}
	_ = r.listener.Close() // it listens
	r.listener = nil
	for _, c := range r.conns {
		_ = c.Close() // it may be closed
	}
	r.conns = nil
}

func (r *engineRoad) serve(ln net.Listener) {
	for {
		conn, err := ln.Accept()
		if err != nil {
			return
		}
		go r.carry(ln, conn)
	}
}

// carry copies both ways until both sides have ended.
func (r *engineRoad) carry(ln net.Listener, near net.Conn) {
	defer func() { _ = near.Close() }() // it may be closed
	far, err := new(net.Dialer).DialContext(context.Background(), "unix", r.engine)
	if err != nil {
		return
	}
	defer func() { _ = far.Close() }() // it may be closed
	r.mu.Lock()
	blocked := r.listener != ln
	if !blocked {
		r.conns = append(r.conns, near, far)
	}
	r.mu.Unlock()
	if blocked {
		return
	}
	var both sync.WaitGroup
	both.Go(func() { carryOneWay(far, near) })
	both.Go(func() { carryOneWay(near, far) })
	both.Wait()
}

func carryOneWay(to, from net.Conn) {
	_, _ = io.Copy(to, from) // however it ended, the other side hears that it did
	_ = to.(*net.UnixConn).CloseWrite()
}
