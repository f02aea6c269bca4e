package engine

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestChoose(t *testing.T) {
	bookworm := release{ID: "debian", Codename: "bookworm", Name: "Debian GNU/Linux 12 (bookworm)"}
	house := source{URIs: []string{"http://mirror.example/debian"}, Suites: []string{"bookworm", "bookworm-updates"}, Components: []string{"main"}, SignedBy: "/k.gpg"}
	security := source{URIs: []string{"http://mirror.example/security"}, Suites: []string{"bookworm-security"}, Components: []string{"main"}}
	cd := source{URIs: []string{"cdrom:[Debian]/"}, Suites: []string{"bookworm"}, Components: []string{"main"}}
	newer := source{URIs: []string{"http://other.example/debian"}, Suites: []string{"trixie"}, Components: []string{"main"}}
	for _, row := range []struct {
		name       string
		release    release
		configured []source
		cli        bool
		packages   string
		sources    string
		pinned     bool
		says       string
	}{
		{
			"Debian 12 takes the next suite from the machine's own mirror, pinned low",
			bookworm, []source{cd, security, house}, false, "docker.io/trixie containerd/trixie",
			"Types: deb\nURIs: http://mirror.example/debian\nSuites: trixie\nComponents: main\nSigned-By: /k.gpg\n", true, "",
		},
		{"the docker command comes along where there is none", bookworm, []source{newer}, true, "docker.io/trixie containerd/trixie docker-cli/trixie", "", false, ""},
		{"a suite that the machine has is not configured again", bookworm, []source{house, newer}, false, "docker.io/trixie containerd/trixie", "", false, ""},
		{"Debian 12 without a mirror is left alone", bookworm, []source{cd, security}, false, "", "", false, "names no mirror of bookworm"},
		{"Debian 13 has a new engine itself", release{ID: "debian", Codename: "trixie"}, nil, false, "docker.io containerd", "", false, ""},
		{"Ubuntu has a new engine itself", release{ID: "ubuntu", Codename: "noble"}, nil, true, "docker.io containerd docker-cli", "", false, ""},
		{"an unknown system is named, with the manual steps", release{ID: "plan9", Name: "Plan 9"}, nil, false, "", "", false, "on Plan 9: install Docker Engine"},
		{"a nameless system, too", release{}, nil, false, "", "", false, "on this distribution: install Docker Engine"},
	} {
		t.Run(row.name, func(t *testing.T) {
			p, err := choose(row.release, row.configured, row.cli)
			if row.says != "" {
				if err == nil || !strings.Contains(err.Error(), row.says) {
					t.Fatalf("error %v, want one that says %q", err, row.says)
				}
				return
			}
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(row.packages, strings.Join(p.packages, " ")); diff != "" {
				t.Error(diff)
			}
			if diff := cmp.Diff(row.sources, p.sources); diff != "" {
				t.Error(diff)
			}
			if (p.pin != "") != row.pinned {
				t.Errorf("pin %q", p.pin)
			}
		})
	}
}

func TestParseRelease(t *testing.T) {
	got := parseRelease("PRETTY_NAME=\"Debian GNU/Linux 12 (bookworm)\"\nVERSION_CODENAME=bookworm\nID=debian\n\n# end\n")
	want := release{ID: "debian", Codename: "bookworm", Name: "Debian GNU/Linux 12 (bookworm)"}
	if got != want {
		t.Errorf("%+v, want %+v", got, want)
	}
}
