package engine

import (
	"context"
	"errors"
	"fmt"
	"os"
	"slices"
	"strings"
)

// A policy that exits 101 keeps package scripts from starting services: without
// an init system that start could fail, and the installation with it.
const (
	policyFile = "/usr/sbin/policy-rc.d"
	policy     = "#!/bin/sh\n# here while greenbox installs a Docker Engine\nexit 101\n"
)

// install brings docker.io to the machine and marks it as ours. It starts no
// engine where no systemd runs.
func (h *host) install(ctx context.Context) error {
	text, err := h.read("/etc/os-release")
	if err != nil {
		return fmt.Errorf("no Docker Engine answers, and this machine does not say what system it is (%w): %s", err, manual)
	}
	if !h.works(ctx, "apt-get", "--version") {
		return errors.New("no Docker Engine answers, and Greenbox installs one with apt only, which is not here: " + manual)
	}
	hasCLI := h.works(ctx, "docker", "--version")
	if h.store != nil {
		return h.installStored(ctx, parseRelease(text), !hasCLI)
	}
	p, err := choose(parseRelease(text), h.sources(), !hasCLI)
	if err != nil {
		return err
	}
	if err := h.mark(ctx, p); err != nil {
		return err
	}
	return h.apply(ctx, p)
}

// mark writes the marker, adding to what an earlier, unfinished run noted.
func (h *host) mark(ctx context.Context, p plan) error {
	m, ours, err := h.readMarker()
	if err != nil {
		return err
	}
	if ours {
		if err := h.finish(ctx, m); err != nil {
			return err
		}
		m.Complete = false
		return h.writeMarker(m)
	}
	for _, name := range p.names {
		if !h.hasPackage(ctx, name) {
			m.Packages = append(m.Packages, name)
		}
	}
	for _, dir := range []string{dockerData, containerdData} {
		if !h.exists(dir) {
			m.DataRoots = append(m.DataRoots, dir)
		}
	}
	return h.writeMarker(m)
}

func (h *host) apply(ctx context.Context, p plan) error {
	if err := h.configureApt(p); err != nil {
		return err
	}
	h.report("reading the package lists")
	apt := append([]string{"apt-get", "-o", waitForLock}, p.options...)
	_, updated := h.run(ctx, append(slices.Clip(apt), "update", "-q")...)
	show := append(append([]string{"apt-cache"}, p.options...), "show", "docker-cli")
	if p.suite == "" && !h.works(ctx, show...) {
		p.packages = without(p.packages, "docker-cli") // older docker.io brings the command itself
	}
	h.report("installing " + strings.Join(p.packages, ", "))
	undo, err := h.holdServices()
	if err != nil {
		return err
	}
	argv := append(slices.Clip(apt), "install", "-y", "-q", "--no-install-recommends", "--no-remove")
	_, err = h.run(ctx, append(argv, p.packages...)...)
	if err := errors.Join(err, undo()); err != nil {
		return fmt.Errorf("install the Docker Engine: %w", errors.Join(updated, err))
	}
	m, _, err := h.readMarker()
	if err != nil {
		return err
	}
	m.Complete = true
	return h.writeMarker(m)
}

func (h *host) configureApt(p plan) error {
	for file, text := range map[string]string{sourcesFile: p.sources, pinFile: p.pin} {
		if text == "" {
			continue
		}
		if err := h.write(file, text); err != nil {
			return fmt.Errorf("configure apt for %s: %w", p.suite, err)
		}
	}
	return nil
}

// holdServices keeps package scripts from starting services until undo, where
// no systemd runs and the machine has no policy of its own.
func (h *host) holdServices() (undo func() error, err error) {
	if text, err := h.read(policyFile); h.systemd() || err == nil && text != policy {
		return func() error { return nil }, nil
	}
	if err := h.write(policyFile, policy); err != nil {
		return nil, fmt.Errorf("hold services: %w", err)
	}
	if err := os.Chmod(h.path(policyFile), 0o755); err != nil { //nolint:gosec // package scripts execute it
		return nil, fmt.Errorf("hold services: %w", err)
	}
	return func() error { return h.remove(policyFile) }, nil
}

func without(names []string, name string) []string {
	var kept []string
	for _, n := range names {
		if n != name {
			kept = append(kept, n)
		}
	}
	return kept
}
