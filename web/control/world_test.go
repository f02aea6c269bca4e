package control_test

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"path/filepath"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/greenbox-lab/greenbox/labs"
	"github.com/greenbox-lab/greenbox/labs/progress"
	"github.com/greenbox-lab/greenbox/sandbox"
	"github.com/greenbox-lab/greenbox/sandbox/cluster"
	"github.com/greenbox-lab/greenbox/sandbox/cluster/clustertest"
	"github.com/greenbox-lab/greenbox/web/control"
)

// machine has nodes in the state of their cluster, and one that cannot be removed.
type machine struct {
	*clustertest.Machine

	mu    sync.Mutex
	nodes map[string][]cluster.Node // of clusters that differ from that; guarded by mu
}

func (m *machine) Nodes(_ context.Context, name string) ([]cluster.Node, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if own, ok := m.nodes[name]; ok {
		return own, nil
	}
	var nodes []cluster.Node
	for _, n := range labs.Nodes() {
		nodes = append(nodes, cluster.Node{Name: n, State: cluster.NodeState(m.State(name)), Address: "10.213.0.2"})
	}
	return nodes, nil
}

func (m *machine) Usage(_ context.Context, _, node string) (cluster.Usage, error) {
	return map[string]cluster.Usage{labs.ControlPlane: {Memory: 512 << 20, CPU: 0.25}, labs.Worker: {Memory: 64 << 20}}[node], nil
}

func (m *machine) Delete(ctx context.Context, name string) error {
	if name == "greenbox-stuck" {
		return errors.New("it is in use")
	}
	return m.Machine.Delete(ctx, name)
}

// fleet has whom a test says to wait.
type fleet struct {
	waiting []labs.Session
	most    int
	warm    map[string]int
}

func (f *fleet) Standing(context.Context) sandbox.Standing {
	return sandbox.Standing{Waiting: f.waiting, Max: f.most, Room: &cluster.Room{Clusters: 3, Short: labs.WaitCPU}}
}

func (f *fleet) SetMaxClusters(most int) { f.most = most }

func (f *fleet) ClearQueue(context.Context) (int, error) {
	ended := len(f.waiting)
	f.waiting = nil
	return ended, nil
}

func (f *fleet) Warm(_ context.Context, lab string, n int) error {
	if lab != "life" {
		return fmt.Errorf("lab %s: %w", lab, labs.ErrNotFound)
	}
	f.warm = map[string]int{lab: n}
	return nil
}

func (f *fleet) Warmth(context.Context) ([]sandbox.Warmth, error) {
	return []sandbox.Warmth{{Wanted: 2, There: 2, Fits: true}, {LabID: "life", Wanted: f.warm["life"], Short: labs.WaitMemory}}, nil
}

// world is a real server on a real socket and database, and its client.
type world struct {
	t       *testing.T
	data    string
	db      *progress.DB
	machine *machine
	client  *control.Client
	fleet   *fleet
	held    []string // clusters that the fleet still works with
	stop    func()   // ends the server and waits for it
}

func newWorld(t *testing.T) *world {
	t.Helper()
	w := &world{t: t, data: t.TempDir(), machine: &machine{Machine: clustertest.New()}, fleet: &fleet{}}
	var err error
	w.db, err = progress.Open(t.Context(), filepath.Join(w.data, "greenbox.db"))
	w.must(err)
	t.Cleanup(func() { _ = w.db.Close() })
	w.must(w.db.EnsureLearner(t.Context(), labs.Learner{ID: "1", Name: "Ann"}))
	w.serve()
	t.Cleanup(func() { w.stop() })
	w.client, err = control.Connect(t.Context(), w.data)
	w.must(err)
	t.Cleanup(w.client.Close)
	return w
}

func (w *world) serve() {
	w.t.Helper()
	path, err := control.Path(w.data)
	w.must(err)
	ln, err := control.Listen(w.t.Context(), path)
	w.must(err)
	s := control.Server{Log: slog.New(slog.DiscardHandler), Fleet: w.fleet, Desk: control.Desk{
		Store: w.db, Machine: w.machine, End: w.end,
		Holds: func(name string) bool { return slices.Contains(w.held, name) },
		Saved: func(id string) bool { return id == "saved" },
	}}
	ctx, cancel := context.WithCancel(context.Background())
	done := make(chan error, 1)
	go func() { done <- s.Serve(ctx, ln) }()
	w.stop = sync.OnceFunc(func() {
		cancel()
		w.must(<-done)
	})
}

// end is a fleet's: the cluster goes a little later.
func (w *world) end(ctx context.Context, id string) error {
	s, err := w.db.Session(ctx, id)
	if err != nil {
		return err
	}
	s.State = labs.Ended
	if err := w.db.SaveSession(ctx, s); err != nil {
		return err
	}
	time.AfterFunc(50*time.Millisecond, func() { w.machine.Lose(s.Cluster) })
	return nil
}

func (w *world) session(id string, expires time.Time) {
	w.t.Helper()
	w.must(w.db.SaveSession(w.t.Context(), labs.Session{
		ID: id, LearnerID: "1", LabID: "life", Cluster: "greenbox-" + id, State: labs.Ready, CreatedAt: epoch, ReadyAt: epoch, ExpiresAt: expires,
	}))
}

func (w *world) cluster(name string, state cluster.State, l cluster.Labels) {
	w.machine.Put(cluster.Cluster{Name: name, State: state, Labels: l, Created: epoch})
}

func (w *world) names() []string {
	var names []string
	for _, c := range w.machine.Clusters() {
		names = append(names, c.Name)
	}
	return names
}

func (w *world) must(err error) {
	w.t.Helper()
	if err != nil {
		w.t.Fatal(err)
	}
}

var epoch = time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)
