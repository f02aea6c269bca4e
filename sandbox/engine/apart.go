package engine

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
)

// apart is a folder in which apt works with sources, preferences and lists of its
// own. The maker removes it.
type apart struct {
	dir    string
	status string // what counts as installed; empty for the machine's own
}

// newApart makes the folder below a directory, or below the one for temporary files.
func newApart(below string) (apart, error) {
	dir, err := os.MkdirTemp(below, "apt-*")
	if err != nil {
		return apart{}, fmt.Errorf("a folder for apt: %w", err)
	}
	a := apart{dir: dir}
	var errs []error
	for _, name := range []string{"sources", "preferences", "lists/partial", "cache/archives/partial"} {
		errs = append(errs, os.MkdirAll(a.path(name), 0o700))
	}
	return a, errors.Join(errs...)
}

func (a apart) path(name string) string { return filepath.Join(a.dir, name) }

// options make apt work in the folder, as its own user: another cannot enter it.
func (a apart) options() []string {
	all := []string{
		"-o", "Dir::Etc::SourceList=/dev/null", "-o", "Dir::Etc::SourceParts=" + a.path("sources"),
		"-o", "Dir::Etc::Preferences=/dev/null", "-o", "Dir::Etc::PreferencesParts=" + a.path("preferences"),
		"-o", "Dir::State::Lists=" + a.path("lists"), "-o", "Dir::Cache=" + a.path("cache"),
		"-o", "APT::Sandbox::User=root", "-o", "Acquire::Languages=none",
		"-o", "Acquire::IndexTargets::deb::DEP-11::DefaultEnabled=false",
	}
	if a.status != "" {
		all = append(all, "-o", "Dir::State::Status="+a.status, "-o", "Debug::NoLocking=true")
	}
	return all
}

// apt is a command of apt's, working in the folder.
func (a apart) apt(command string, args ...string) []string {
	return append(append([]string{command}, a.options()...), args...)
}

// configure lets apt see a release, with the plan's packages from the plan's suite,
// as on a machine where nothing is installed.
func (a *apart) configure(sources []source, p plan) error {
	var text strings.Builder
	for _, s := range sources {
		text.WriteString(s.text() + "\n")
	}
	pin := ""
	if p.suite != "" {
		pin = fmt.Sprintf("Package: %s\nPin: release n=%s\nPin-Priority: 990\n\n%s", strings.Join(p.names, " "), p.suite, pinOf(p.suite))
	}
	a.status = a.path("status")
	return errors.Join(
		os.WriteFile(a.path("sources/release.sources"), []byte(text.String()+p.sources), 0o600),
		os.WriteFile(a.path("preferences/suite"), []byte(pin), 0o600),
		os.WriteFile(a.status, nil, 0o600),
	)
}

// useStore lets apt see the packages of a store and no others. Whoever gave the
// store has checked its sums. The link keeps any name out of apt's configuration.
func (a apart) useStore(dir string) error {
	dir, err := filepath.Abs(dir)
	if err != nil {
		return err
	}
	return errors.Join(
		os.Symlink(dir, a.path("store")),
		os.WriteFile(a.path("sources/store.list"), []byte("deb [trusted=yes] file:"+a.path("store")+" ./\n"), 0o600),
	)
}
