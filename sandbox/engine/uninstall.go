package engine

import (
	"context"
	"errors"
	"fmt"
	"os"
	"slices"
	"strings"
)

// Uninstall takes away the engine that Greenbox installed, with all its
// containers and images, and leaves every other engine alone, also one that has
// been installed in its place. It blocks until
// done, reports each step, and may be called again after a failure.
func Uninstall(ctx context.Context, report func(string)) error {
	return thisHost(report).uninstall(ctx)
}

func (h *host) uninstall(ctx context.Context) error {
	m, ours, err := h.readMarker()
	if err != nil {
		return err
	}
	if !ours {
		h.report("the Docker Engine was not installed by Greenbox: it stays")
		return nil
	}
	if h.uid != 0 {
		return errors.New("only root can remove the Docker Engine: run this as root")
	}
	if h.replaced(ctx, m) {
		h.report("the Docker Engine that Greenbox installed is gone and another is in its place: that one stays")
		return h.removeAll(sourcesFile, pinFile, markerFile)
	}
	h.report("stopping the Docker Engine")
	if err := h.stop(ctx); err != nil {
		return err
	}
	if err := h.removePackages(ctx, m); err != nil {
		return err
	}
	return h.removeFiles(m)
}

// replaced reports whether someone has put another engine in the place of ours,
// whose packages are all gone. Data roots and the socket are that engine's now.
func (h *host) replaced(ctx context.Context, m marker) bool {
	for _, name := range m.Packages {
		switch h.packageStatus(ctx, name) {
		case "", "not-installed", "config-files":
		default:
			return false
		}
	}
	return h.works(ctx, "dockerd", "--version")
}

// removePackages takes away the packages that were not there before. Their
// configuration goes only with the data: purging docker.io erases its data root.
func (h *host) removePackages(ctx context.Context, m marker) error {
	if err := h.finish(ctx, m); err != nil {
		return err
	}
	var present []string
	for _, name := range m.Packages {
		if h.hasPackage(ctx, name) {
			present = append(present, name)
		}
	}
	if len(present) == 0 {
		return nil
	}
	verb := "remove"
	if slices.Contains(m.DataRoots, dockerData) {
		verb = "purge"
	}
	h.report("removing " + strings.Join(present, ", ") + " (apt autoremove takes what came along)")
	argv := []string{"apt-get", "-o", waitForLock, verb, "-y", "-q"}
	if _, err := h.run(ctx, append(argv, present...)...); err != nil {
		return fmt.Errorf("remove the Docker Engine: %w", err)
	}
	return nil
}

// removeFiles takes away the rest; the marker last, so that a failure before
// can be repeated.
func (h *host) removeFiles(m marker) error {
	for _, dir := range m.DataRoots {
		if err := os.RemoveAll(h.path(dir)); err != nil {
			return fmt.Errorf("remove the engine's data: %w", err)
		}
	}
	files := []string{sourcesFile, pinFile, pidFile, logFile, "/run/docker.sock"}
	if text, err := h.read(policyFile); err == nil && text == policy {
		files = append(files, policyFile)
	}
	return h.removeAll(append(files, markerFile)...)
}

func (h *host) removeAll(files ...string) error {
	for _, file := range files {
		if err := h.remove(file); err != nil {
			return fmt.Errorf("remove what the engine left: %w", err)
		}
	}
	return nil
}
