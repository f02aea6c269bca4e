// Package engine is the Docker Engine that Greenbox uses: the client that the
// clusters' packages share, its installation on a machine that has none, and
// what the doctor asks of the engine and its machine.
//
// An engine that answers and runs a privileged container is used untouched,
// whoever installed it. One that answers and cannot is replaced only when
// Greenbox installed it, which a marker file in the state directory says. On a
// machine with none, the newest docker.io of the distribution (or of its next
// release, taken from the mirror the machine itself uses) is installed, and
// started by the init system, or directly where none runs. Everything that
// decides is a function over what was read of the machine, so that it is tested
// without one.
//
// It knows no kind, no cluster and no learner, and pulls from no registry: the
// container of its probe is made from a program at hand.
package engine

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"strings"
	"time"

	"github.com/moby/moby/client"
	"golang.org/x/sys/unix"
)

// Engine is a Docker Engine that has answered.
type Engine struct {
	client *client.Client
}

// answerTimeout is how long an engine that is there may take to answer a ping.
const answerTimeout = 10 * time.Second

// Open finds the engine of DOCKER_HOST, or of the default socket, and waits for
// its first answer. The error is fs.ErrPermission when the engine's socket is
// closed to this user. The caller closes the engine.
func Open(ctx context.Context) (*Engine, error) {
	c, err := client.New(client.FromEnv)
	if err != nil {
		return nil, fmt.Errorf("docker client from the environment: %w", err)
	}
	ctx, cancel := context.WithTimeout(ctx, answerTimeout)
	defer cancel()
	if _, err := c.Ping(ctx, client.PingOptions{NegotiateAPIVersion: true}); err != nil {
		_ = c.Close() // it never had a connection worth an error
		return nil, fmt.Errorf("docker engine at %s: %w", c.DaemonHost(), reason(c.DaemonHost(), err))
	}
	return &Engine{client: c}, nil
}

// reason finds out what the client does not tell: that a socket is there, but
// not for this user.
func reason(host string, err error) error {
	socket, local := strings.CutPrefix(host, "unix://")
	if denied := unix.Access(socket, unix.W_OK); local && errors.Is(denied, fs.ErrPermission) {
		return denied
	}
	return err
}

// Client is the engine's own client, for all that Engine has no word for. It is
// closed by Close.
func (e *Engine) Client() *client.Client { return e.client }

// Close gives up idle connections to the engine.
func (e *Engine) Close() error { return e.client.Close() }
