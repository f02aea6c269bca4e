package main

import (
	"bufio"
	"bytes"
	"context"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/greenbox-lab/greenbox/labs/progress"
	"github.com/greenbox-lab/greenbox/sandbox/cluster"
)

// fakeMachine has clusters by name, and an engine that may not answer.
type fakeMachine struct {
	names       []string
	silent      bool
	uninstalled bool
	whenAsked   func()
}

func (m *fakeMachine) clusters(context.Context, string) (clusters, error) {
	if m.silent {
		return nil, errNoEngine
	}
	return m, nil
}

func (m *fakeMachine) uninstall(context.Context) error {
	m.uninstalled = true
	m.whenAsked()
	return nil
}

func (m *fakeMachine) List(context.Context) ([]cluster.Cluster, error) {
	var found []cluster.Cluster
	for _, name := range m.names {
		found = append(found, cluster.Cluster{Name: name, State: cluster.Paused})
	}
	return found, nil
}

func (m *fakeMachine) Delete(_ context.Context, name string) error {
	m.names = slices.DeleteFunc(m.names, func(n string) bool { return n == name })
	m.whenAsked()
	return nil
}

func TestDownAsksBeforeItRemoves(t *testing.T) {
	two := []string{"greenbox-a", "greenbox-b"}
	for name, row := range map[string]struct {
		names      []string
		silent     bool
		purge, yes bool
		answers    string
		left       []string // clusters
		purged     bool
		says       string // part of the output or of the error
	}{
		"yes removes the clusters":                     {names: two, answers: "y\n", says: "cluster greenbox-b (paused)"},
		"a capital yes without a newline is one too":   {names: two, answers: "Y"},
		"no removes nothing":                           {names: two, answers: "n\n", left: two, says: "nothing was removed"},
		"silence is no":                                {names: two, left: two, says: "nothing was removed"},
		"--yes asks nothing":                           {names: two, yes: true},
		"without clusters nothing is asked":            {says: "no clusters"},
		"an engine that is silent cannot be asked":     {names: two, silent: true, yes: true, left: two, says: errNoEngine.Error()},
		"--purge asks twice, and reads both answers":   {names: two, purge: true, answers: "y\ny\n", purged: true},
		"--purge without clusters asks once":           {purge: true, answers: "y\n", purged: true},
		"--purge keeps the rest when told so":          {names: two, purge: true, answers: "y\nn\n", says: "nothing else was removed"},
		"--purge with a no at first removes nothing":   {names: two, purge: true, answers: "n\ny\n", left: two, says: "nothing was removed"},
		"--purge --yes asks nothing":                   {names: two, purge: true, yes: true, purged: true},
		"--purge goes on where the engine is gone too": {purge: true, silent: true, yes: true, purged: true, says: errNoEngine.Error()},
	} {
		t.Run(name, func(t *testing.T) {
			data := filepath.Join(t.TempDir(), "data")
			write(t, data, "instance")
			m := &fakeMachine{names: slices.Clone(row.names), silent: row.silent, whenAsked: func() {}}
			var out bytes.Buffer
			d := down{data: data, purge: row.purge, yes: row.yes, machine: m, in: bufio.NewReader(strings.NewReader(row.answers)), out: &out}
			if err := d.run(t.Context()); err != nil {
				out.WriteString(err.Error())
			}
			if !slices.Equal(m.names, row.left) || m.uninstalled != row.purged || exists(data) == row.purged {
				t.Errorf("clusters left %v, engine removed %t, data left %t", m.names, m.uninstalled, exists(data))
			}
			if !strings.Contains(out.String(), row.says) {
				t.Errorf("it said %q, want %q", out.String(), row.says)
			}
		})
	}
}

func TestDownBeforeAnyServerWritesNothing(t *testing.T) {
	data := filepath.Join(t.TempDir(), "data")
	var out bytes.Buffer
	d := down{data: data, machine: &fakeMachine{silent: true}, in: bufio.NewReader(strings.NewReader("")), out: &out}
	if err := d.run(t.Context()); err != nil || out.String() != "no clusters\n" || exists(data) {
		t.Errorf("error %v, said %q, made the folder %t", err, out.String(), exists(data))
	}
}

func TestDownHoldsTheDatabaseUntilItsEnd(t *testing.T) {
	data := filepath.Join(t.TempDir(), "data")
	write(t, data, "instance")
	open := func() error {
		db, err := progress.Open(t.Context(), filepath.Join(data, "greenbox.db"))
		if err != nil {
			return err
		}
		return db.Close()
	}
	if err := open(); err != nil {
		t.Fatal(err)
	}
	asked := 0
	m := &fakeMachine{names: []string{"greenbox-a"}, whenAsked: func() {
		asked++
		if err := open(); err == nil || !strings.Contains(err.Error(), "in use") {
			t.Errorf("a server could begin meanwhile: %v", err)
		}
	}}
	d := down{data: data, yes: true, machine: m, in: bufio.NewReader(strings.NewReader("")), out: &bytes.Buffer{}}
	for _, d.purge = range []bool{false, true} {
		if err := d.run(t.Context()); err != nil {
			t.Fatal(err)
		}
	}
	if asked != 2 || exists(data) {
		t.Errorf("removed %d times, data left %t", asked, exists(data))
	}
}

func TestPurgeRemovesOnlyWhatIsOurs(t *testing.T) {
	ours := []string{
		"clusters/greenbox-a/kubeconfig", "logs/20260101T000000-greenbox-a/node.log", "archives/abc.tar.gz", "archives/.abd.tar.gz.part", "engine.json", "engine.pid",
		"instance", "greenbox.db", "greenbox.db-shm", "greenbox.db-wal", "greenbox.db.lock",
	}
	for name, row := range map[string]struct {
		others []string
		says   string
	}{
		"with nothing else the folder goes":             {},
		"other files stay, and the folder":              {[]string{".bashrc", "greenbox.db.backup", "thesis/a.txt"}, ".bashrc"},
		"a folder that is named like one of ours stays": {[]string{"clusters/prod/kubeconfig", "logs/boot.log"}, "clusters"},
	} {
		t.Run(name, func(t *testing.T) {
			data := filepath.Join(t.TempDir(), "data")
			for _, file := range append(slices.Clone(ours), row.others...) {
				write(t, data, file)
			}
			var out bytes.Buffer
			if err := (down{data: data, out: &out}).removeData(); err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(row.others, filesIn(t, data)); diff != "" {
				t.Error(diff)
			}
			if exists(data) != (row.others != nil) || !strings.Contains(out.String(), row.says) {
				t.Errorf("folder left %t, said %q", exists(data), out.String())
			}
		})
	}
}

func write(t *testing.T, dir, name string) {
	t.Helper()
	path := filepath.Join(dir, name)
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, []byte("x\n"), 0o600); err != nil {
		t.Fatal(err)
	}
}

func exists(path string) bool {
	_, err := os.Stat(path)
	return err == nil
}

func filesIn(t *testing.T, dir string) []string {
	t.Helper()
	if !exists(dir) {
		return nil
	}
	var names []string
	err := fs.WalkDir(os.DirFS(dir), ".", func(name string, d fs.DirEntry, err error) error {
		if err == nil && !d.IsDir() {
			names = append(names, name)
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return names
}
