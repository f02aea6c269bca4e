package engine

import (
	"context"
	"errors"
	"io/fs"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/moby/moby/client"
)

// world is a machine in a directory: its commands only change its fields.
type world struct {
	*host
	t        *testing.T
	commands []string // those that change something
	has      []string // commands that can be run
	packages []string // installed
	half     string   // a package that is half installed
	aptFails bool
	answers  bool
	refusal  error // of the engine that runs, until a newer one does
}

var errNoEngine = errors.New("no engine")

func newWorld(t *testing.T, has ...string) *world {
	t.Helper()
	w := &world{t: t, has: has}
	w.host = &host{root: t.TempDir(), run: w.run, report: func(string) {}}
	w.open = func(context.Context) (*Engine, error) {
		if !w.answers {
			return nil, errNoEngine
		}
		return thisEngine(t), nil
	}
	w.probe = func(context.Context, *Engine) error { return w.refusal }
	w.put("/etc/os-release", "ID=debian\nVERSION_CODENAME=bookworm\n")
	w.put("/etc/apt/sources.list", "deb http://mirror.example/debian bookworm main\n")
	return w
}

// thisEngine is an engine that nobody has asked anything.
func thisEngine(t *testing.T) *Engine {
	t.Helper()
	c, err := client.New()
	if err != nil {
		t.Fatal(err)
	}
	return &Engine{client: c}
}

func (w *world) put(path, text string) {
	w.t.Helper()
	if err := w.write(path, text); err != nil {
		w.t.Fatal(err)
	}
}

func (w *world) run(_ context.Context, argv ...string) (string, error) {
	line := strings.Join(argv, " ")
	switch {
	case strings.HasSuffix(line, "--version"):
		return "", unless(slices.Contains(w.has, argv[0]))
	case argv[0] == "dpkg-query" && argv[len(argv)-1] == w.half:
		return "half-installed", nil
	case argv[0] == "dpkg-query":
		return "installed", unless(slices.Contains(w.packages, argv[len(argv)-1]))
	case argv[0] == "apt-cache":
		return "", nil
	}
	w.commands = append(w.commands, line)
	switch {
	case strings.Contains(line, " install "):
		if w.aptFails {
			return "", errors.New("the mirror is away")
		}
		w.refusal = nil
		w.has = append(w.has, "dockerd", "docker")
		w.packages = append(w.packages, "docker.io", "containerd", "docker-cli")
	case argv[0] == "setsid", strings.HasPrefix(line, "systemctl enable"), argv[0] == "service":
		w.answers = true
	}
	return "", nil
}

func unless(ok bool) error {
	if ok {
		return nil
	}
	return errors.New("exit status 1")
}

// took is the commands in short: what was run, without apt's options.
func (w *world) took() []string {
	var short []string
	for _, line := range w.commands {
		for _, options := range []string{"-o " + waitForLock + " ", "-y -q ", "--no-install-recommends --no-remove ", " -q"} {
			line = strings.Replace(line, options, "", 1)
		}
		if strings.HasPrefix(line, "setsid") {
			line = "setsid dockerd"
		}
		short = append(short, line)
	}
	return short
}

func TestEnsure(t *testing.T) {
	refusal := errors.New("unable to apply caps")
	for _, row := range []struct {
		name  string
		setup func(w *world)
		took  []string
		says  string
	}{
		{"an engine that serves is left alone", func(w *world) { w.answers = true }, nil, ""},
		{
			"on a fresh machine one is installed, and started directly",
			func(*world) {},
			[]string{"apt-get update", "apt-get install docker.io/trixie containerd/trixie docker-cli/trixie", "setsid dockerd"}, "",
		},
		{
			"systemd starts it where systemd runs",
			func(w *world) { w.put("/run/systemd/system/x", "") },
			[]string{"apt-get update", "apt-get install docker.io/trixie containerd/trixie docker-cli/trixie", "systemctl enable --now docker.service"}, "",
		},
		{
			"a stopped engine of someone else's is only started",
			func(w *world) { w.has = append(w.has, "dockerd") }, []string{"setsid dockerd"}, "",
		},
		{
			"an init starts it where an init runs",
			func(w *world) {
				w.has = append(w.has, "dockerd")
				w.put("/proc/1/comm", "init\n")
				w.put("/etc/init.d/docker", "")
			},
			[]string{"service docker start"}, "",
		},
		{
			"someone else's engine that refuses stays as it is",
			func(w *world) { w.answers, w.refusal = true, refusal }, nil, "unable to apply caps",
		},
		{
			"our engine that refuses is installed anew",
			func(w *world) {
				w.answers, w.refusal, w.has = true, refusal, append(w.has, "dockerd", "docker")
				w.put(markerFile, `{"complete":true}`)
			},
			[]string{"apt-get update", "apt-get install docker.io/trixie containerd/trixie", "setsid dockerd"}, "",
		},
		{
			"an installation that was interrupted is finished first",
			func(w *world) {
				w.has = append(w.has, "dockerd")
				w.put(markerFile, `{"complete":false}`)
				w.put(policyFile, policy)
			},
			[]string{"dpkg --configure -a", "apt-get update", "apt-get install docker.io/trixie containerd/trixie docker-cli/trixie", "setsid dockerd"}, "",
		},
		{
			"when apt fails, apt's word is passed on",
			func(w *world) { w.aptFails = true },
			[]string{"apt-get update", "apt-get install docker.io/trixie containerd/trixie docker-cli/trixie"}, "the mirror is away",
		},
		{"without apt nothing is done", func(w *world) { w.has = nil }, nil, "with apt only"},
		{"on an unknown system nothing is done", func(w *world) { w.put("/etc/os-release", "ID=plan9\nPRETTY_NAME=Plan 9\n") }, nil, "on Plan 9"},
		{"an unreadable marker is not taken for none", func(w *world) { w.put(markerFile, "{") }, nil, "read engine marker"},
	} {
		t.Run(row.name, func(t *testing.T) {
			w := newWorld(t, "apt-get")
			row.setup(w)
			e, err := w.ensure(t.Context())
			if row.says == "" && (err != nil || e == nil) {
				t.Errorf("engine %v, error %v", e, err)
			}
			if row.says != "" && (err == nil || !strings.Contains(err.Error(), row.says)) {
				t.Errorf("error %v, want one that says %q", err, row.says)
			}
			if diff := cmp.Diff(row.took, w.took()); diff != "" {
				t.Error(diff)
			}
			if w.exists(policyFile) {
				t.Error("services are still held")
			}
		})
	}
}

func TestEnsureAndUninstallLeaveTheMachineAsItWas(t *testing.T) {
	w := newWorld(t, "apt-get")
	before := w.files()
	if _, err := w.ensure(t.Context()); err != nil {
		t.Fatal(err)
	}
	for _, file := range []string{sourcesFile, pinFile, markerFile, pidFile} {
		if !w.exists(file) {
			t.Errorf("no %s", file)
		}
	}
	if text, _ := w.read(sourcesFile); !strings.Contains(text, "http://mirror.example/debian") {
		t.Errorf("sources: %s", text)
	}
	w.put(dockerData+"/overlay2/x", "")
	w.commands = nil
	if _, err := w.ensure(t.Context()); err != nil || w.commands != nil {
		t.Errorf("the second run did %v, error %v", w.commands, err)
	}
	for range 2 { // the second time there is nothing left to do
		if err := w.uninstall(t.Context()); err != nil {
			t.Fatal(err)
		}
	}
	if diff := cmp.Diff([]string{"apt-get purge docker.io containerd docker-cli"}, w.took()); diff != "" {
		t.Error(diff)
	}
	if diff := cmp.Diff(before, w.files()); diff != "" {
		t.Error(diff)
	}
}

func TestUninstallAfterAnInterruptedInstallation(t *testing.T) {
	w := newWorld(t, "apt-get")
	before := w.files()
	w.put(markerFile, `{"packages":["docker.io"],"complete":false}`)
	w.put(policyFile, policy)
	w.half = "docker.io"
	if err := w.uninstall(t.Context()); err != nil {
		t.Fatal(err)
	}
	want := []string{"dpkg --configure -a", "dpkg --remove --force-remove-reinstreq docker.io"}
	if diff := cmp.Diff(want, w.took()); diff != "" {
		t.Error(diff)
	}
	if diff := cmp.Diff(before, w.files()); diff != "" {
		t.Error(diff)
	}
}

func TestUninstallKeepsWhatWasThereBefore(t *testing.T) {
	w := newWorld(t, "apt-get")
	w.packages = []string{"containerd"}
	w.put(dockerData+"/volumes/x", "")
	if _, err := w.ensure(t.Context()); err != nil {
		t.Fatal(err)
	}
	w.commands = nil
	if err := w.uninstall(t.Context()); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff([]string{"apt-get remove docker.io docker-cli"}, w.took()); diff != "" {
		t.Error(diff)
	}
	if !w.exists(dockerData + "/volumes/x") {
		t.Error("the data of an earlier engine is gone")
	}
}

func TestUninstallLeavesAnEngineThatReplacedOurs(t *testing.T) {
	for _, row := range []struct {
		name     string
		packages []string // installed now
		dockerd  bool     // whether there is one
		stays    bool
	}{
		{"an engine of other packages stays, with its data", []string{"docker-ce", "containerd.io"}, true, true},
		{"one of our packages still there is ours to remove", []string{"docker-ce", "containerd"}, true, false},
		{"with no engine at all, what ours left goes", nil, false, false},
	} {
		t.Run(row.name, func(t *testing.T) {
			w := newWorld(t, "apt-get")
			if _, err := w.ensure(t.Context()); err != nil {
				t.Fatal(err)
			}
			others := []string{dockerData + "/volumes/x", "/run/docker.sock"}
			for _, file := range others {
				w.put(file, "")
			}
			w.commands, w.packages = nil, row.packages
			if !row.dockerd {
				w.has = []string{"apt-get"}
			}
			if err := w.uninstall(t.Context()); err != nil {
				t.Fatal(err)
			}
			for _, file := range others {
				if w.exists(file) != row.stays {
					t.Errorf("%s is left: %t", file, !row.stays)
				}
			}
			if row.stays && w.commands != nil {
				t.Errorf("it ran %v", w.commands)
			}
			for _, file := range []string{markerFile, sourcesFile, pinFile} {
				if w.exists(file) {
					t.Errorf("%s is left", file)
				}
			}
		})
	}
}

// files lists what is in the machine's directory, files only.
func (w *world) files() []string {
	var names []string
	err := fs.WalkDir(os.DirFS(w.root), ".", func(name string, d fs.DirEntry, err error) error {
		if err == nil && !d.IsDir() {
			names = append(names, name)
		}
		return err
	})
	if err != nil {
		w.t.Fatal(err)
	}
	return names
}
