// Package clustertest has a machine on which everything can go wrong: a fake
// cluster.Provider, cluster.Pauser, cluster.Taker and cluster.Access that keeps
// its clusters in memory and does what a test tells it to at each call. There is
// no Kubernetes in it.
package clustertest

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"slices"
	"sync"
	"time"

	"github.com/greenbox-lab/greenbox/labs"
	"github.com/greenbox-lab/greenbox/sandbox/cluster"
	"k8s.io/client-go/rest"
)

// Op is what a Call asks for.
type Op string

// The calls a machine is asked.
const (
	Create Op = "create"
	Delete Op = "delete"
	List   Op = "list"
	Pause  Op = "pause"
	Resume Op = "resume"
	Take   Op = "take"
	Run    Op = "run"
	Dial   Op = "dial"
	Room   Op = "room"
)

// Call is one call of a provider's method; a create is one call at each stage.
type Call struct {
	Op      Op
	Cluster string
	Stage   labs.Stage // of a create
	Node    string     // of a run or a dial
	Stdin   string     // of a run
}

// ErrUnplugged is what every call gets while the machine is unplugged.
var ErrUnplugged = errors.New("the machine does not answer")

// Machine is the fake. Its methods may be called by many goroutines.
type Machine struct {
	mu        sync.Mutex
	clusters  map[string]cluster.Cluster                              // guarded by mu
	unplugged bool                                                    // guarded by mu
	room      cluster.Room                                            // for clusters in all; guarded by mu
	onCall    func(context.Context, Call) error                       // guarded by mu
	onRun     func(Call) cluster.Result                               // guarded by mu
	onDial    func(context.Context, Call) (io.ReadWriteCloser, error) // guarded by mu
	onConfig  func(cluster string) *rest.Config                       // guarded by mu
}

// New returns a machine without clusters, on which every call succeeds at once,
// every program exits with 0, and nothing can be dialled.
func New() *Machine {
	return &Machine{
		clusters: map[string]cluster.Cluster{},
		room:     cluster.Room{Clusters: 1000, Short: labs.WaitMemory},
		onCall:   func(context.Context, Call) error { return nil },
		onRun:    func(Call) cluster.Result { return cluster.Result{} },
		onDial: func(context.Context, Call) (io.ReadWriteCloser, error) {
			return nil, errors.New("nothing listens")
		},
		onConfig: func(cluster string) *rest.Config { return &rest.Config{Host: cluster} },
	}
}

// OnCall has every call ask do first, which may block and may make it fail.
func (m *Machine) OnCall(do func(context.Context, Call) error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.onCall = do
}

// OnRun has programs come to what do returns.
func (m *Machine) OnRun(do func(Call) cluster.Result) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.onRun = do
}

// OnDial has do answer dials.
func (m *Machine) OnDial(do func(context.Context, Call) (io.ReadWriteCloser, error)) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.onDial = do
}

// Unplug makes every call fail without an effect, also those under way: what is
// half made stays so, as when the server is killed. Plug ends that.
func (m *Machine) Unplug() { m.plug(true) }

// Plug makes calls work again.
func (m *Machine) Plug() { m.plug(false) }

func (m *Machine) plug(out bool) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.unplugged = out
}

// Put makes c exist, or replaces the cluster of that name.
func (m *Machine) Put(c cluster.Cluster) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.clusters[c.Name] = c
}

// Lose makes the cluster vanish behind everyone's back.
func (m *Machine) Lose(name string) {
	m.mu.Lock()
	defer m.mu.Unlock()
	delete(m.clusters, name)
}

// Clusters returns what exists, oldest first, whether or not the machine answers.
func (m *Machine) Clusters() []cluster.Cluster {
	m.mu.Lock()
	defer m.mu.Unlock()
	all := make([]cluster.Cluster, 0, len(m.clusters))
	for _, c := range m.clusters {
		all = append(all, c)
	}
	slices.SortFunc(all, func(a, b cluster.Cluster) int {
		return cmp.Or(a.Created.Compare(b.Created), cmp.Compare(a.Name, b.Name))
	})
	return all
}

// State is what the cluster does, or "" when there is none.
func (m *Machine) State(name string) cluster.State {
	m.mu.Lock()
	defer m.mu.Unlock()
	return m.clusters[name].State
}

// ask is the beginning of every call.
func (m *Machine) ask(ctx context.Context, c Call) error {
	m.mu.Lock()
	do := m.onCall
	m.mu.Unlock()
	if err := do(ctx, c); err != nil {
		return err
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.unplugged {
		return ErrUnplugged
	}
	return ctx.Err()
}

// Create implements cluster.Provider: the cluster exists, half made, from the
// first stage on.
func (m *Machine) Create(ctx context.Context, name string, labels cluster.Labels, stage func(labs.Stage)) error {
	if m.State(name) != "" {
		return fmt.Errorf("cluster %s exists", name)
	}
	c := cluster.Cluster{Name: name, Labels: labels, Created: time.Now(), State: cluster.Broken}
	for _, at := range labs.Stages() {
		if at == labs.StageSetup {
			break
		}
		stage(at)
		m.Put(c)
		if err := m.ask(ctx, Call{Op: Create, Cluster: name, Stage: at}); err != nil {
			return m.undo(name, err)
		}
	}
	c.State = cluster.Running
	m.Put(c)
	return nil
}

func (m *Machine) undo(name string, reason error) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	if !m.unplugged {
		delete(m.clusters, name)
	}
	return reason
}

// Delete implements cluster.Provider.
func (m *Machine) Delete(ctx context.Context, name string) error {
	if err := m.ask(ctx, Call{Op: Delete, Cluster: name}); err != nil {
		return err
	}
	m.Lose(name)
	return nil
}

// List implements cluster.Provider.
func (m *Machine) List(ctx context.Context) ([]cluster.Cluster, error) {
	if err := m.ask(ctx, Call{Op: List}); err != nil {
		return nil, err
	}
	return m.Clusters(), nil
}

// Pause implements cluster.Pauser.
func (m *Machine) Pause(ctx context.Context, name string) error {
	return m.turn(ctx, Call{Op: Pause, Cluster: name}, cluster.Paused)
}

// Resume implements cluster.Pauser.
func (m *Machine) Resume(ctx context.Context, name string) error {
	return m.turn(ctx, Call{Op: Resume, Cluster: name}, cluster.Running)
}

func (m *Machine) turn(ctx context.Context, call Call, to cluster.State) error {
	return m.change(ctx, call, func(c *cluster.Cluster) { c.State = to })
}

// Take implements cluster.Taker.
func (m *Machine) Take(ctx context.Context, name string) error {
	return m.change(ctx, Call{Op: Take, Cluster: name}, func(c *cluster.Cluster) { c.Labels.Spare = false })
}

func (m *Machine) change(ctx context.Context, call Call, how func(*cluster.Cluster)) error {
	if err := m.ask(ctx, call); err != nil {
		return err
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	c, ok := m.clusters[call.Cluster]
	if !ok {
		return fmt.Errorf("%s %s: no such cluster", call.Op, call.Cluster)
	}
	how(&c)
	m.clusters[call.Cluster] = c
	return nil
}

// Run implements cluster.Access. The cluster must be running.
func (m *Machine) Run(ctx context.Context, name, node string, _ []string, stdin io.Reader) (cluster.Result, error) {
	call := Call{Op: Run, Cluster: name, Node: node}
	if stdin != nil {
		script, err := io.ReadAll(stdin)
		if err != nil {
			return cluster.Result{}, err
		}
		call.Stdin = string(script)
	}
	if err := m.reach(ctx, call); err != nil {
		return cluster.Result{}, err
	}
	m.mu.Lock()
	do := m.onRun
	m.mu.Unlock()
	return do(call), nil
}

// Dial implements cluster.Access. The cluster must be running.
func (m *Machine) Dial(ctx context.Context, name, node string, _ []string) (io.ReadWriteCloser, error) {
	call := Call{Op: Dial, Cluster: name, Node: node}
	if err := m.reach(ctx, call); err != nil {
		return nil, err
	}
	m.mu.Lock()
	do := m.onDial
	m.mu.Unlock()
	return do(ctx, call)
}

func (m *Machine) reach(ctx context.Context, call Call) error {
	if err := m.ask(ctx, call); err != nil {
		return err
	}
	if state := m.State(call.Cluster); state != cluster.Running {
		return fmt.Errorf("%s: cluster %s is %q", call.Op, call.Cluster, state)
	}
	return nil
}

// OnConfig has do say how a cluster's API server is reached.
func (m *Machine) OnConfig(do func(cluster string) *rest.Config) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.onConfig = do
}

// Config implements cluster.Access. Unless OnConfig says otherwise, the host is the
// cluster's name.
func (m *Machine) Config(_ context.Context, name string) (*rest.Config, error) {
	m.mu.Lock()
	do := m.onConfig
	m.mu.Unlock()
	return do(name), nil
}
