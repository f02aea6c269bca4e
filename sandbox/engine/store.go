package engine

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
)

// Store is a folder of Debian packages, with an index, that the engine can be
// installed from where there is no network.
type Store struct {
	Dir     string
	Release string // that the packages are of, as Release names it
}

// EnsureFrom is Ensure for a machine without a network: where there is no engine,
// it is installed from the store, which must be of this machine's release.
func EnsureFrom(ctx context.Context, s Store, report func(string)) (*Engine, error) {
	h := thisHost(report)
	h.store = &s
	return h.ensure(ctx)
}

// FillStore downloads the engine's packages into an empty folder, with all that
// they need and a machine might lack that has nothing but its base system, and
// changes nothing on this machine.
func FillStore(ctx context.Context, dir string, report func(string)) (Store, error) {
	return thisHost(report).fillStore(ctx, dir)
}

func (h *host) fillStore(ctx context.Context, dir string) (Store, error) {
	text, err := h.read("/etc/os-release")
	if err != nil {
		return Store{}, fmt.Errorf("download the engine's packages: %w", err)
	}
	r := parseRelease(text)
	p, err := choose(r, h.sources(), true)
	if err != nil {
		return Store{}, fmt.Errorf("the engine's packages cannot be had here: %w", err)
	}
	a, err := newApart(dir)
	if err != nil {
		return Store{}, err
	}
	defer os.RemoveAll(a.dir)
	if err := a.configure(ofRelease(h.sources(), r.Codename), p); err != nil {
		return Store{}, err
	}
	h.report("reading the package lists of " + r.String())
	_, updated := h.run(ctx, a.apt("apt-get", "update", "-q")...)
	if p.suite == "" && !h.works(ctx, a.apt("apt-cache", "show", "docker-cli")...) {
		p.names = without(p.names, "docker-cli")
	}
	h.report("downloading " + strings.Join(p.names, ", ") + " and what they need")
	argv := a.apt("apt-get", "install", "-y", "-q", "--no-install-recommends", "--download-only")
	if _, err := h.run(ctx, append(argv, p.names...)...); err != nil {
		return Store{}, fmt.Errorf("download the engine's packages: %w (package lists: %w)", err, updated)
	}
	if err := h.index(ctx, a, dir); err != nil {
		return Store{}, fmt.Errorf("index the engine's packages: %w", err)
	}
	return Store{Dir: dir, Release: r.String()}, nil
}

// index moves the packages into dir and writes the index that apt reads.
func (h *host) index(ctx context.Context, a apart, dir string) error {
	packages, err := filepath.Glob(filepath.Join(a.path("cache/archives"), "*.deb")) // sorted
	if err != nil {
		return err
	}
	var index strings.Builder
	for _, file := range packages {
		control, err := h.run(ctx, "dpkg-deb", "--field", file)
		if err != nil {
			return err
		}
		size, sum, err := measure(file)
		if err != nil {
			return err
		}
		name := filepath.Base(file)
		fmt.Fprintf(&index, "%s\nFilename: ./%s\nSize: %d\nSHA256: %s\n\n", strings.TrimSpace(control), name, size, sum)
		if err := os.Rename(file, filepath.Join(dir, name)); err != nil {
			return err
		}
	}
	return os.WriteFile(filepath.Join(dir, "Packages"), []byte(index.String()), 0o644) //nolint:gosec // for everyone to read
}

func measure(file string) (size int64, sum string, err error) {
	f, err := os.Open(file) //nolint:gosec // just downloaded
	if err != nil {
		return 0, "", err
	}
	defer f.Close()
	h := sha256.New()
	size, err = io.Copy(h, f)
	return size, hex.EncodeToString(h.Sum(nil)), err
}

// installStored installs the engine from the store and asks nobody else.
func (h *host) installStored(ctx context.Context, r release, cli bool) error {
	if here := r.String(); here != h.store.Release {
		return fmt.Errorf("no Docker Engine answers, and the bundle's packages are of %s while this machine runs %s: make the bundle on a machine that runs %s, or %s",
			h.store.Release, here, here, manual)
	}
	a, err := newApart("")
	if err != nil {
		return err
	}
	defer os.RemoveAll(a.dir)
	if err := a.useStore(h.store.Dir); err != nil {
		return err
	}
	p := plan{names: engineNames(cli), options: a.options()}
	p.packages = p.names
	if err := h.mark(ctx, p); err != nil {
		return err
	}
	return h.apply(ctx, p)
}
