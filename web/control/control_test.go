package control_test

import (
	"errors"
	"log/slog"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/greenbox-lab/greenbox/labs"
	"github.com/greenbox-lab/greenbox/sandbox"
	"github.com/greenbox-lab/greenbox/sandbox/cluster"
	"github.com/greenbox-lab/greenbox/web/control"
)

func nodes(state cluster.NodeState, names ...string) []cluster.Node {
	var out []cluster.Node
	for _, n := range names {
		out = append(out, cluster.Node{Name: n, State: state})
	}
	return out
}

func TestClusters(t *testing.T) {
	w := newWorld(t)
	expires := epoch.Add(4 * time.Hour)
	w.session("a", expires)
	w.cluster("greenbox-a", cluster.Running, cluster.Labels{Spare: true}) // taken: its labels are of before
	w.cluster("greenbox-b", cluster.Paused, cluster.Labels{Spare: true})
	w.must(w.db.SaveSpare(t.Context(), labs.Spare{Cluster: "greenbox-b", LabID: "life", Whole: true, CreatedAt: epoch}))
	w.cluster("greenbox-c", cluster.Running, cluster.Labels{Session: "c", Learner: "gone", Lab: "life"})
	w.cluster("greenbox-d", cluster.Broken, cluster.Labels{})
	w.cluster("greenbox-e", cluster.Paused, cluster.Labels{})
	w.cluster("greenbox-f", cluster.Broken, cluster.Labels{Spare: true})
	w.must(w.db.SaveSpare(t.Context(), labs.Spare{Cluster: "greenbox-f", CreatedAt: epoch}))
	w.machine.nodes = map[string][]cluster.Node{
		"greenbox-d": nodes(cluster.NodeRunning, labs.ControlPlane),
		"greenbox-e": append(nodes(cluster.NodePaused, labs.ControlPlane), nodes(cluster.NodeStopped, labs.Worker)...),
	}
	got, err := w.client.Clusters(t.Context(), false)
	w.must(err)
	for i := range got {
		got[i].Nodes = nil
	}
	want := []control.Cluster{
		{Name: "greenbox-a", Session: "a", At: labs.Ready, Learner: "Ann", Lab: "life", Owner: control.OfSession, State: control.Running, Created: epoch, Expires: expires},
		{Name: "greenbox-b", Lab: "life", Owner: control.OfPool, State: control.Paused, Created: epoch},
		{Name: "greenbox-c", Session: "c", Learner: "gone", Lab: "life", Owner: control.OfNobody, State: control.Running, Created: epoch},
		{Name: "greenbox-d", Owner: control.OfNobody, State: control.Broken, Created: epoch},
		{Name: "greenbox-e", Owner: control.OfNobody, State: control.Stopped, Created: epoch},
		{Name: "greenbox-f", Owner: control.OfPool, State: control.Starting, Created: epoch},
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}

func TestClustersMeasured(t *testing.T) {
	w := newWorld(t)
	w.cluster("greenbox-a", cluster.Running, cluster.Labels{})
	for name, row := range map[string]struct {
		measured bool
		want     *cluster.Usage
	}{
		"what nobody asked for is not measured": {false, nil},
		"each node is measured":                 {true, &cluster.Usage{Memory: 512 << 20, CPU: 0.25}},
	} {
		t.Run(name, func(t *testing.T) {
			got, err := w.client.Clusters(t.Context(), row.measured)
			w.must(err)
			if len(got) != 1 || len(got[0].Nodes) != 2 || got[0].Nodes[0].Address != "10.213.0.2" {
				t.Fatalf("got %+v", got)
			}
			if diff := cmp.Diff(row.want, got[0].Nodes[0].Usage); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func TestRemove(t *testing.T) {
	for name, row := range map[string]struct {
		remove string
		left   []string
		ended  bool
		err    error
	}{
		"a session by its id":           {"a", []string{"greenbox-b"}, true, nil},
		"a session by its cluster":      {"greenbox-a", []string{"greenbox-b"}, true, nil},
		"a cluster that no session has": {"greenbox-b", []string{"greenbox-a"}, false, nil},
		"what there is not":             {"greenbox-c", []string{"greenbox-a", "greenbox-b"}, false, labs.ErrNotFound},
		"a name that is a path":         {"../x y", []string{"greenbox-a", "greenbox-b"}, false, labs.ErrNotFound},
	} {
		t.Run(name, func(t *testing.T) {
			w := newWorld(t)
			w.session("a", time.Time{})
			w.cluster("greenbox-a", cluster.Running, cluster.Labels{Session: "a"})
			w.cluster("greenbox-b", cluster.Running, cluster.Labels{})
			if err := w.client.Remove(t.Context(), row.remove); !errors.Is(err, row.err) {
				t.Errorf("error %v, want %v", err, row.err)
			}
			if !slices.Equal(w.names(), row.left) {
				t.Errorf("left %v, want %v", w.names(), row.left)
			}
			s, err := w.db.Session(t.Context(), "a")
			w.must(err)
			if s.Open() == row.ended {
				t.Errorf("the session is %s", s.State)
			}
		})
	}
}

func TestRemoveLosesNoWork(t *testing.T) {
	w := newWorld(t)
	w.must(w.db.SaveSession(t.Context(), labs.Session{ID: "a", LearnerID: "1", LabID: "life", Cluster: "greenbox-a", State: labs.Ended, CreatedAt: epoch, ReadyAt: epoch}))
	w.cluster("greenbox-a", cluster.Running, cluster.Labels{})
	if err := w.client.Remove(t.Context(), "greenbox-a"); err == nil || !strings.Contains(err.Error(), "not saved yet") {
		t.Errorf("error %v", err)
	}
	if len(w.names()) != 1 {
		t.Error("the cluster is gone, with the learner's work")
	}
}

func TestSweepTakesWhatNobodyHas(t *testing.T) {
	w := newWorld(t)
	w.session("a", time.Time{})
	w.cluster("greenbox-a", cluster.Running, cluster.Labels{Session: "a"})
	w.cluster("greenbox-ending", cluster.Running, cluster.Labels{Session: "ending"})
	w.cluster("greenbox-orphan", cluster.Broken, cluster.Labels{Session: "orphan"})
	w.cluster("greenbox-spare", cluster.Paused, cluster.Labels{Spare: true})
	w.must(w.db.SaveSpare(t.Context(), labs.Spare{Cluster: "greenbox-spare", CreatedAt: epoch}))
	w.held = []string{"greenbox-ending"}
	for _, id := range []string{"saved", "undone", "unsaved"} {
		w.session(id, time.Time{})
		w.cluster("greenbox-"+id, cluster.Running, cluster.Labels{})
		s, err := w.db.Session(t.Context(), id)
		w.must(err)
		s.State = labs.Ended
		if id == "undone" { // its start
			s.ReadyAt = time.Time{}
		}
		w.must(w.db.SaveSession(t.Context(), s))
	}
	w.cluster("greenbox-stuck", cluster.Broken, cluster.Labels{})
	want := []control.Swept{{Name: "greenbox-orphan"}, {Name: "greenbox-saved"}, {Name: "greenbox-stuck"}, {Name: "greenbox-undone"}}
	dry, err := w.client.Sweep(t.Context(), true)
	w.must(err)
	if diff := cmp.Diff(want, dry); diff != "" {
		t.Errorf("dry: %s", diff)
	}
	if len(w.names()) != 8 {
		t.Errorf("dry, it removed: left %v", w.names())
	}
	swept, err := w.client.Sweep(t.Context(), false)
	w.must(err)
	want[2].Error = "it is in use"
	if diff := cmp.Diff(want, swept); diff != "" {
		t.Error(diff)
	}
	if left := []string{"greenbox-a", "greenbox-ending", "greenbox-spare", "greenbox-stuck", "greenbox-unsaved"}; !slices.Equal(w.names(), left) {
		t.Errorf("left %v", w.names())
	}
}

func TestAnErrorOfTheMachineIsTheAnswer(t *testing.T) {
	w := newWorld(t)
	w.machine.Unplug()
	if _, err := w.client.Clusters(t.Context(), false); err == nil || err.Error() != "the machine does not answer" {
		t.Errorf("got %v", err)
	}
}

func TestSocket(t *testing.T) {
	w := newWorld(t)
	path := filepath.Join(w.data, "control.sock")
	info, err := os.Stat(path)
	w.must(err)
	if info.Mode().Perm() != 0o600 {
		t.Errorf("others may open it: %v", info.Mode())
	}
	w.stop()
	if _, err := os.Stat(path); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("it is there after the server: %v", err)
	}
	if _, err := control.Connect(t.Context(), w.data); !errors.Is(err, control.ErrNoServer) {
		t.Errorf("without a server: %v", err)
	}
	ln, err := net.ListenUnix("unix", &net.UnixAddr{Name: path})
	w.must(err)
	ln.SetUnlinkOnClose(false) // as a server leaves it that is killed
	w.must(ln.Close())
	if _, err := control.Connect(t.Context(), w.data); !errors.Is(err, control.ErrNoServer) {
		t.Errorf("with what a killed server left: %v", err)
	}
	w.serve()
	c, err := control.Connect(t.Context(), w.data)
	w.must(err)
	defer c.Close()
	if _, err := c.Clusters(t.Context(), false); err != nil {
		t.Errorf("after a restart: %v", err)
	}
}

func TestAPathThatIsTooLongSaysSo(t *testing.T) {
	_, err := control.Connect(t.Context(), "/"+strings.Repeat("d", 120))
	if err == nil || !strings.Contains(err.Error(), "shorter --data") {
		t.Errorf("got %v", err)
	}
}

func TestAnAnswerOfAnotherVersionIsSaidToBeOne(t *testing.T) {
	data := t.TempDir()
	ln, err := control.Listen(t.Context(), filepath.Join(data, "control.sock"))
	if err != nil {
		t.Fatal(err)
	}
	other := &http.Server{Handler: http.NotFoundHandler(), ErrorLog: slog.NewLogLogger(slog.DiscardHandler, 0)}
	go func() { _ = other.Serve(ln) }() // Close ends it
	t.Cleanup(func() { _ = other.Close() })
	c, err := control.Connect(t.Context(), data)
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close()
	if _, err := c.Sweep(t.Context(), true); err == nil || !strings.Contains(err.Error(), "of one version") {
		t.Errorf("got %v", err)
	}
}

func TestQueue(t *testing.T) {
	w := newWorld(t)
	w.fleet.waiting = []labs.Session{{ID: "b", LearnerID: "1", Place: 1, Wait: labs.WaitCPU}, {ID: "c", LearnerID: "2", Place: 2, Wait: labs.WaitTurn}}
	w.must(w.client.SetMaxClusters(t.Context(), 7))
	q, err := w.client.Queue(t.Context())
	w.must(err)
	want := control.Queue{
		Standing: sandbox.Standing{Waiting: w.fleet.waiting, Max: 7, Room: &cluster.Room{Clusters: 3, Short: labs.WaitCPU}},
		Learners: map[string]string{"1": "Ann", "2": "2"},
	}
	if diff := cmp.Diff(want, q); diff != "" {
		t.Error(diff)
	}
	if err := w.client.SetMaxClusters(t.Context(), -1); err == nil || !strings.Contains(err.Error(), "0 or more") || w.fleet.most != 7 {
		t.Errorf("less than none: %v, %d allowed", err, w.fleet.most)
	}
	if ended, err := w.client.ClearQueue(t.Context()); err != nil || ended != 2 || len(w.fleet.waiting) > 0 {
		t.Errorf("ended %d, %v; %v wait", ended, err, w.fleet.waiting)
	}
}

func TestWarm(t *testing.T) {
	w := newWorld(t)
	w.must(w.client.Warm(t.Context(), "life", 5))
	got, err := w.client.Warmth(t.Context())
	w.must(err)
	want := []sandbox.Warmth{{Wanted: 2, There: 2, Fits: true}, {LabID: "life", Wanted: 5, Short: labs.WaitMemory}}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
	if err := w.client.Warm(t.Context(), "a lab/there is not", 1); !errors.Is(err, labs.ErrNotFound) {
		t.Errorf("a lab that is not there: %v", err)
	}
}
