// Package mirror serves the images baked into a node from an OCI layout
// directory as a read-only registry on the node's loopback, so that a pull with
// policy Always succeeds with no network. containerd asks it before the real
// registry; what is not in the layout is a 404, on which containerd goes
// upstream. It serves no tag but those in the layout's index: another version
// than the one asked for would be a lie.
//
// It knows the distribution protocol's GET and HEAD of manifests and blobs; it
// holds nothing in memory between requests and never writes.
package mirror

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"time"
)

// Config says what to serve where.
type Config struct {
	Dir  string // the OCI layout; it may be missing, then every image is
	Addr string
}

// DefaultConfig is what a node image sets up for containerd.
func DefaultConfig() Config {
	return Config{Dir: "/kind/registry", Addr: "127.0.0.1:5000"}
}

// shutdownTimeout is for requests that are under way when the agent ends.
const shutdownTimeout = 2 * time.Second

// Serve blocks until ctx ends. It fails when it cannot listen.
func Serve(ctx context.Context, cfg Config) error {
	var listen net.ListenConfig
	listener, err := listen.Listen(ctx, "tcp", cfg.Addr)
	if err != nil {
		return fmt.Errorf("listen for image pulls: %w", err)
	}
	server := &http.Server{Handler: Handler(cfg.Dir), ReadHeaderTimeout: 10 * time.Second}
	closed := make(chan struct{})
	stop := context.AfterFunc(ctx, func() {
		defer close(closed)
		last, cancel := context.WithTimeout(context.WithoutCancel(ctx), shutdownTimeout)
		defer cancel()
		if server.Shutdown(last) != nil {
			_ = server.Close() // those who did not finish are cut off
		}
	})
	err = server.Serve(listener)
	if stop() {
		return fmt.Errorf("serve image pulls: %w", err)
	}
	<-closed
	if !errors.Is(err, http.ErrServerClosed) {
		return fmt.Errorf("serve image pulls: %w", err)
	}
	return nil
}
