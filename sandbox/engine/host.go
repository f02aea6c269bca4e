package engine

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"time"

	"github.com/moby/moby/client"
)

// host is the machine to install on: the few ways in which setting up an engine
// touches the world, so that tests run it on a directory.
type host struct {
	root   string // what paths begin with: empty in life
	uid    int
	named  string // DOCKER_HOST
	run    func(ctx context.Context, argv ...string) (string, error)
	open   func(ctx context.Context) (*Engine, error)
	probe  func(ctx context.Context, e *Engine) error
	report func(string)
	store  *Store // to install from, instead of what apt is configured with; may be nil
}

// interruptedGrace is how long a command may take to end well once interrupted:
// a package manager finishes the step it is at.
const interruptedGrace = time.Minute

func thisHost(report func(string)) *host {
	return &host{
		uid: os.Geteuid(), named: os.Getenv(client.EnvOverrideHost),
		run: run, open: Open, probe: Probe, report: report,
	}
}

// run runs a command and returns its output; the error carries its last lines.
func run(ctx context.Context, argv ...string) (string, error) {
	cmd := exec.CommandContext(ctx, argv[0], argv[1:]...) //nolint:gosec // fixed commands of this package
	cmd.Env = append(os.Environ(), "DEBIAN_FRONTEND=noninteractive", "LC_ALL=C")
	cmd.Cancel = func() error { return cmd.Process.Signal(os.Interrupt) }
	cmd.WaitDelay = interruptedGrace
	out, err := cmd.CombinedOutput()
	if err != nil {
		return string(out), fmt.Errorf("%s: %w: %s", strings.Join(argv, " "), err, lastLines(string(out), 5))
	}
	return string(out), nil
}

func lastLines(text string, n int) string {
	lines := strings.Split(strings.TrimSpace(text), "\n")
	return strings.Join(lines[max(0, len(lines)-n):], "\n")
}

// address is where the engine is looked for.
func (h *host) address() string {
	if h.named != "" {
		return h.named
	}
	return client.DefaultDockerHost
}

func (h *host) path(p string) string { return filepath.Join(h.root, p) }

func (h *host) read(p string) (string, error) {
	data, err := os.ReadFile(h.path(p))
	return string(data), err
}

func (h *host) exists(p string) bool {
	_, err := os.Stat(h.path(p))
	return err == nil
}

// write makes a file that everyone may read, its directory included.
func (h *host) write(p, text string) error {
	if err := os.MkdirAll(filepath.Dir(h.path(p)), 0o755); err != nil { //nolint:gosec // apt reads its own files as another user
		return err
	}
	return os.WriteFile(h.path(p), []byte(text), 0o644) //nolint:gosec // as above
}

// remove takes a file away; a missing one is no error.
func (h *host) remove(p string) error {
	if err := os.Remove(h.path(p)); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	return nil
}

// works reports whether a command can be run.
func (h *host) works(ctx context.Context, argv ...string) bool {
	_, err := h.run(ctx, argv...)
	return err == nil
}

// systemd reports whether systemd runs the machine, as sd_booted(3) asks it.
func (h *host) systemd() bool { return h.exists("/run/systemd/system") }

// sources is what apt is configured with, our own entry left out.
func (h *host) sources() []source {
	var found []source
	for _, at := range []struct {
		pattern string
		parse   func(string) []source
	}{
		{"/etc/apt/sources.list.d/*.sources", parseSources},
		{"/etc/apt/sources.list.d/*.list", parseList},
		{"/etc/apt/sources.list", parseList},
	} {
		files, _ := filepath.Glob(h.path(at.pattern)) // the patterns are well formed
		for _, file := range files {
			if file == h.path(sourcesFile) {
				continue
			}
			if text, err := os.ReadFile(file); err == nil { //nolint:gosec // apt's own configuration; what cannot be read is no source
				found = append(found, at.parse(string(text))...)
			}
		}
	}
	return found
}
