package engine

import (
	"fmt"
	"strings"
)

// release is what os-release says of a distribution.
type release struct {
	ID       string // debian, ubuntu
	Codename string // bookworm; empty in Debian's development suites
	Name     string // for people
}

func parseRelease(text string) release {
	fields := map[string]string{}
	for line := range strings.Lines(text) {
		if key, value, ok := strings.Cut(strings.TrimSpace(line), "="); ok {
			fields[key] = strings.Trim(value, `"'`)
		}
	}
	return release{ID: fields["ID"], Codename: fields["VERSION_CODENAME"], Name: fields["PRETTY_NAME"]}
}

// String names the release for people and for a bundle.
func (r release) String() string { return strings.TrimSpace(r.ID + " " + r.Codename) }

// plan is how the engine is installed on one machine.
type plan struct {
	suite    string   // the newer suite to take it from, or empty for the machine's own
	packages []string // as apt is given them
	names    []string // the same, names only
	sources  string   // content of the sources file for suite; empty when none is needed
	pin      string   // content of the preferences file for suite; empty when none is needed
	options  []string // of apt, beside the usual ones
}

// newerSuite maps a release whose docker.io is too old for some machines to the
// suite whose docker.io runs on it without upgrading anything else. Only what
// was tried stands here.
func newerSuite(r release) string {
	if r.ID == "debian" && r.Codename == "bookworm" {
		return "trixie"
	}
	return ""
}

// choose plans the installation. With cli the docker command is installed too.
func choose(r release, configured []source, cli bool) (plan, error) {
	if r.ID != "debian" && r.ID != "ubuntu" {
		return plan{}, fmt.Errorf("no Docker Engine answers, and Greenbox does not know how to install one on %s: %s", orUnknown(r.Name), manual)
	}
	p := plan{suite: newerSuite(r), names: engineNames(cli)}
	p.packages = p.names
	if p.suite == "" {
		return p, nil
	}
	p.packages = fromSuite(p.names, p.suite)
	if offers(configured, p.suite) {
		return p, nil
	}
	base, ok := mirrorOf(configured, r.Codename)
	if !ok {
		return plan{}, fmt.Errorf("no Docker Engine answers, and apt on this machine names no mirror of %s to take a newer one from: %s", r.Codename, manual)
	}
	p.sources = base.withSuite(p.suite)
	p.pin = pinOf(p.suite)
	return p, nil
}

func engineNames(cli bool) []string {
	names := []string{"docker.io", "containerd"}
	if cli {
		names = append(names, "docker-cli")
	}
	return names
}

// pinOf keeps apt from taking anything of a suite that it is not told to.
func pinOf(suite string) string {
	return fmt.Sprintf("Package: *\nPin: release n=%s\nPin-Priority: 50\n", suite)
}

func fromSuite(names []string, suite string) []string {
	packages := make([]string, len(names))
	for i, name := range names {
		packages[i] = name + "/" + suite
	}
	return packages
}

func orUnknown(name string) string {
	if name == "" {
		return "this distribution"
	}
	return name
}
