package sandbox

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"sync"
	"time"

	"github.com/greenbox-lab/greenbox/labs"
	"github.com/greenbox-lab/greenbox/sandbox/agent"
	"github.com/greenbox-lab/greenbox/sandbox/cluster"
	"github.com/greenbox-lab/greenbox/sandbox/terminal"
	"k8s.io/client-go/rest"
)

const (
	mainShell = "main"
	maxFile   = 1 << 20 // bytes of a file that ReadFile reads
)

// Sandbox is the running side of one session. Its methods may be called by many
// goroutines; what they open ends with the session, and with a reset.
type Sandbox struct {
	id     string
	access cluster.Access
	labs   func(id string) (labs.Lab, error)
	typed  func() // a key came from a terminal

	start
	adopted bool // from the store, by this process

	closing   sync.WaitGroup // streams are, beside the life: a hanging dial must not hold that up
	turn      chan struct{}  // has room for the one change being saved and published
	saved     chan struct{}  // closed when the first save was tried
	over      chan struct{}  // closed when the session has ended or failed
	again     chan again     // has room for the one reset that is not begun yet
	restoring chan struct{}  // has room for the one restore under way

	mu     sync.Mutex
	now    labs.Session // guarded by mu
	nodes  *nodes       // of the session's cluster; guarded by mu
	flight *flight      // the resume or pause under way, or nil; guarded by mu
	work   bool         // the session has ended and its work is still to be saved; guarded by mu

	touched time.Time // when the learner was last known to be there; guarded by mu
	holds   int       // what is under way and must not be paused; guarded by mu
}

func (f *Fleet) newSandbox(now labs.Session) *Sandbox {
	s := &Sandbox{
		id:        now.ID,
		access:    f.cfg.Access,
		labs:      f.cfg.Labs,
		turn:      make(chan struct{}, 1),
		saved:     make(chan struct{}),
		over:      make(chan struct{}),
		again:     make(chan again, 1),
		restoring: make(chan struct{}, 1),
		now:       now,
		touched:   time.Now(),
	}
	s.typed = func() { f.typed(s) }
	s.nodes = s.newNodes()
	return s
}

// nodes are the streams to the nodes of one cluster.
type nodes struct {
	clients   map[string]*agent.Client
	terminals map[string]*terminal.Terminal
	over      chan struct{} // closed when a reset has taken the cluster away
}

func (s *Sandbox) newNodes() *nodes {
	n := &nodes{map[string]*agent.Client{}, map[string]*terminal.Terminal{}, make(chan struct{})}
	for _, node := range labs.Nodes() {
		n.clients[node] = agent.NewClient(s.dialer(node))
		n.clients[node].Frozen = s.frozen
		n.terminals[node] = terminal.New(n.clients[node], mainShell, s.typed)
	}
	return n
}

func (s *Sandbox) onNodes() *nodes {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.nodes
}

func (s *Sandbox) dialer(node string) agent.Dialer {
	return func(ctx context.Context) (io.ReadWriteCloser, error) {
		return s.access.Dial(ctx, s.cluster(), node, []string{"/usr/local/bin/greenbox", "agent", "connect"})
	}
}

// Session returns the session as it is now.
func (s *Sandbox) Session() labs.Session {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.now
}

// Terminal returns the node's terminal, the same one until a reset, or
// labs.ErrNotFound.
func (s *Sandbox) Terminal(node string) (*terminal.Terminal, error) {
	t, ok := s.onNodes().terminals[node]
	if !ok {
		return nil, noNode(node)
	}
	return t, nil
}

// Config returns an administrator's client configuration for the cluster.
func (s *Sandbox) Config(ctx context.Context) (*rest.Config, error) {
	return s.access.Config(ctx, s.cluster())
}

// ReadFile returns a file's content, of at most 1 MiB. A missing file is
// fs.ErrNotExist, one that is larger or no regular file fs.ErrInvalid, an unknown
// node labs.ErrNotFound.
func (s *Sandbox) ReadFile(ctx context.Context, node, path string) ([]byte, error) {
	client, ok := s.onNodes().clients[node]
	if !ok {
		return nil, noNode(node)
	}
	data, err := client.ReadFile(ctx, path, maxFile)
	if errors.Is(err, agent.ErrNotRegular) || errors.Is(err, agent.ErrTooLarge) {
		return nil, fmt.Errorf("%w: %w", fs.ErrInvalid, err)
	}
	return data, err
}

// WatchFiles calls changed when one of the files on a node may have changed, and
// once it watches; see agent.Client. It blocks until ctx or the session ends.
func (s *Sandbox) WatchFiles(ctx context.Context, node string, paths []string, changed func()) error {
	client, ok := s.onNodes().clients[node]
	if !ok {
		return noNode(node)
	}
	return client.WatchFiles(ctx, paths, changed)
}

// Run runs a bash script as root on a node, in /root and with nothing to read,
// and waits for it: by the node's agent, which costs a fraction of a new way in,
// or without it while a learner has stopped it. An exit code other than 0 is no
// error; output is stdout and stderr together.
func (s *Sandbox) Run(ctx context.Context, node, script string) (exitCode int, output string, err error) {
	client, ok := s.onNodes().clients[node]
	if !ok {
		return 0, "", noNode(node)
	}
	code, out, err := client.Run(ctx, script)
	if err == nil {
		return code, string(out), nil
	}
	if !errors.Is(err, agent.ErrUnreached) || ctx.Err() != nil {
		return 0, "", fmt.Errorf("run a script on %s: %w", node, err)
	}
	r, err := cluster.RunScript(ctx, s.access, s.cluster(), node, script)
	if err != nil {
		return 0, "", fmt.Errorf("run a script on %s: %w", node, err)
	}
	return r.ExitCode, string(r.Output), nil
}

func noNode(node string) error { return fmt.Errorf("node %q: %w", node, labs.ErrNotFound) }

func (s *Sandbox) cluster() string { return s.Session().Cluster }

// set makes next the session of now. Only Fleet.record calls it, one at a time.
func (s *Sandbox) set(next labs.Session) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if next.State == labs.Ready && s.now.State != labs.Ready {
		s.touched = time.Now()
	}
	s.work = next.State == labs.Ended && !next.ReadyAt.IsZero()
	s.now = next
	if !next.Open() {
		close(s.over)
	}
}

// whileOpen returns a context that ends with ctx, with the session and with its
// cluster; the cause is then labs.ErrEnded or, when the session was reset,
// labs.ErrNotReady. The caller calls cancel.
func (s *Sandbox) whileOpen(ctx context.Context) (_ context.Context, cancel func()) {
	ctx, stop := context.WithCancelCause(ctx)
	nodes := s.onNodes()
	done := make(chan struct{})
	go func() {
		defer close(done)
		select {
		case <-s.over:
			stop(labs.ErrEnded)
		case <-nodes.over:
			stop(labs.ErrNotReady)
		case <-ctx.Done():
		}
	}()
	return ctx, func() {
		stop(nil)
		<-done
	}
}
