package main

import (
	"bytes"
	"context"
	"errors"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/greenbox-lab/greenbox/labs"
	"github.com/greenbox-lab/greenbox/sandbox/cluster"
	"github.com/greenbox-lab/greenbox/web/control"
)

var clustersNow = time.Date(2026, 1, 1, 12, 0, 0, 0, time.UTC)

// someClusters are a session's, a spare and an orphan.
func someClusters() []control.Cluster {
	node := func(name, address string, u *cluster.Usage) control.NodeStatus {
		return control.NodeStatus{Node: cluster.Node{Name: name, Address: address}, Usage: u}
	}
	return []control.Cluster{
		{Name: "greenbox-a", Session: "a", Learner: "Ann", Lab: "life", Owner: control.OfSession, State: control.Running,
			Created: clustersNow.Add(-90 * time.Minute), Expires: clustersNow.Add(150 * time.Minute), Nodes: []control.NodeStatus{
				node("controlplane", "10.213.0.2", &cluster.Usage{Memory: 512 << 20, CPU: 0.25}), node("node01", "", nil),
			}},
		{Name: "greenbox-b", Owner: control.OfPool, State: control.Paused, Created: clustersNow.Add(-5 * time.Second)},
		{Name: "greenbox-c", Owner: control.OfNobody, State: control.Broken, Created: clustersNow.Add(-72 * time.Hour)},
	}
}

func TestClusterTable(t *testing.T) {
	for name, row := range map[string]struct {
		all  []control.Cluster
		wide bool
		want string
	}{
		"nothing is said to be so": {nil, false, "no clusters\n"},
		"a line each": {someClusters(), false, `
CLUSTER     SESSION   LEARNER  LAB   STATE    AGE    EXPIRES
greenbox-a  a         Ann      life  running  1h30m  in 2h30m
greenbox-b  (spare)   -        -     paused   5s     -
greenbox-c  (orphan)  -        -     broken   3d     -
`},
		"wide, a line for each node": {someClusters()[:1], true, `
CLUSTER     SESSION  LEARNER  LAB   STATE    AGE    EXPIRES   NODE          ADDRESS     MEMORY   CPU
greenbox-a  a        Ann      life  running  1h30m  in 2h30m  controlplane  10.213.0.2  512 MiB  0.25
                                                              node01        -           -        -
`},
	} {
		t.Run(name, func(t *testing.T) {
			var out bytes.Buffer
			if err := printClusters(&out, row.all, row.wide, clustersNow); err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(strings.TrimPrefix(row.want, "\n"), out.String()); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func TestWhenAClusterExpires(t *testing.T) {
	for name, row := range map[string]struct {
		owner   control.Owner
		expires time.Time
		want    string
	}{
		"a session of solo mode never":    {control.OfSession, time.Time{}, "never"},
		"a session whose time is over":    {control.OfSession, clustersNow, "now"},
		"a session that has two minutes":  {control.OfSession, clustersNow.Add(125 * time.Second), "in 2m"},
		"what no session has, not by age": {control.OfNobody, time.Time{}, "-"},
	} {
		t.Run(name, func(t *testing.T) {
			if got := expiry(control.Cluster{Owner: row.owner, Expires: row.expires}, clustersNow); got != row.want {
				t.Errorf("%q, want %q", got, row.want)
			}
		})
	}
}

// fakeOperator has someClusters until they are removed.
type fakeOperator struct{ removed []string }

func (o *fakeOperator) Clusters(context.Context, bool) ([]control.Cluster, error) {
	return someClusters(), nil
}

func (o *fakeOperator) Remove(_ context.Context, name string) error {
	if name == "x" {
		return labs.ErrNotFound
	}
	o.removed = append(o.removed, name)
	return nil
}

func (o *fakeOperator) Sweep(context.Context, bool) ([]control.Swept, error) { return nil, nil }

func TestClusterRmSaysWhatIsLostAndAsks(t *testing.T) {
	for name, row := range map[string]struct {
		names   []string
		served  bool
		yes     bool
		answer  string
		removed []string
		says    string // part of the output or of the error
	}{
		"a session":                    {[]string{"a"}, true, false, "y\n", []string{"a"}, "session a of Ann at life, cluster greenbox-a (running"},
		"no":                           {[]string{"a"}, true, false, "n\n", nil, "nothing was removed"},
		"silence is no":                {[]string{"a"}, true, false, "", nil, "nothing was removed"},
		"--yes asks nothing":           {[]string{"greenbox-a"}, true, true, "", []string{"greenbox-a"}, "removed greenbox-a"},
		"without a server":             {[]string{"a"}, false, true, "", []string{"a"}, "since no server runs"},
		"a spare":                      {[]string{"greenbox-b"}, true, true, "", []string{"greenbox-b"}, "a spare"},
		"an orphan":                    {[]string{"greenbox-c"}, true, true, "", []string{"greenbox-c"}, "nobody's"},
		"one that waits in line":       {[]string{"q"}, true, true, "", []string{"q"}, "waits in line"},
		"the others when one fails":    {[]string{"a", "x", "greenbox-b"}, true, true, "", []string{"a", "greenbox-b"}, "not found"},
		"several are asked about once": {[]string{"a", "greenbox-b"}, true, false, "y\n", []string{"a", "greenbox-b"}, "Go on?"},
	} {
		t.Run(name, func(t *testing.T) {
			o := &fakeOperator{}
			var out bytes.Buffer
			r := removal{operator: operator{Operator: o, served: row.served}, yes: row.yes, in: strings.NewReader(row.answer), out: &out}
			if err := r.run(t.Context(), row.names); err != nil {
				out.WriteString(err.Error())
			}
			if !slices.Equal(o.removed, row.removed) || !strings.Contains(out.String(), row.says) {
				t.Errorf("removed %v, said %q", o.removed, out.String())
			}
		})
	}
}

func TestClusterCommandsWithoutAServerOrItsData(t *testing.T) {
	for _, args := range [][]string{{"ls"}, {"gc"}, {"rm", "a"}, {"logs", "a"}} {
		t.Run(args[0], func(t *testing.T) {
			data := filepath.Join(t.TempDir(), "data")
			c := root()
			c.SetArgs(append(append([]string{"cluster"}, args...), "--data", data))
			if err := c.ExecuteContext(t.Context()); err == nil || !strings.Contains(err.Error(), "--data") {
				t.Errorf("error %v", err)
			}
			if exists(data) {
				t.Error("it made the folder")
			}
		})
	}
}

func TestLogsGoWhereTheyAreWanted(t *testing.T) {
	put := func(t *testing.T, open func(string) (io.WriteCloser, error), name string) error {
		t.Helper()
		w, err := open(name)
		if err != nil {
			return err
		}
		_, err = io.WriteString(w, "said")
		return errors.Join(err, w.Close())
	}
	t.Run("to stdout, each with its name", func(t *testing.T) {
		var out bytes.Buffer
		open, done, err := logsTo("", &out)
		if err := errors.Join(err, put(t, open, "node01/kubelet.log"), put(t, open, "a"), done()); err != nil {
			t.Fatal(err)
		}
		if want := "==> node01/kubelet.log <==\nsaid\n==> a <==\nsaid\n"; out.String() != want {
			t.Errorf("got %q", out.String())
		}
	})
	t.Run("to a folder, and never out of it", func(t *testing.T) {
		dir, outside := filepath.Join(t.TempDir(), "logs"), t.TempDir()
		open, done, err := logsTo(dir, io.Discard)
		if err := errors.Join(err, put(t, open, "node01/pods/web/0.log")); err != nil {
			t.Fatal(err)
		}
		if err := os.Symlink(outside, filepath.Join(dir, "way")); err != nil {
			t.Fatal(err)
		}
		for _, name := range []string{"../escaped", "way/escaped"} {
			if err := put(t, open, name); err == nil {
				t.Errorf("%s was written", name)
			}
		}
		if err := done(); err != nil {
			t.Fatal(err)
		}
		if got := filesIn(t, dir); !slices.Contains(got, "node01/pods/web/0.log") || len(filesIn(t, outside)) > 0 {
			t.Errorf("files %v", got)
		}
	})
}
