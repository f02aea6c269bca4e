package engine

import (
	"context"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestEnsureFromAStore(t *testing.T) {
	w := newWorld(t, "apt-get")
	before := w.files()
	w.store = &Store{Dir: "/media/stick/packages", Release: "debian bookworm"}
	if _, err := w.ensure(t.Context()); err != nil {
		t.Fatal(err)
	}
	installs := 0
	for _, line := range w.commands {
		if !strings.HasPrefix(line, "apt") {
			continue
		}
		if !strings.Contains(line, "Dir::Etc::SourceParts=") || !strings.Contains(line, "Dir::Etc::SourceList=/dev/null") {
			t.Errorf("apt is not kept from the machine's own sources: %s", line)
		}
		if strings.Contains(line, " install ") && strings.HasSuffix(line, " docker.io containerd docker-cli") {
			installs++
		}
	}
	if installs != 1 {
		t.Errorf("it ran %q", w.commands)
	}
	for _, file := range []string{sourcesFile, pinFile} {
		if w.exists(file) {
			t.Errorf("%s was written", file)
		}
	}
	if err := w.uninstall(t.Context()); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(before, w.files()); diff != "" {
		t.Error(diff)
	}
}

func TestAStoreOfAnotherRelease(t *testing.T) {
	w := newWorld(t, "apt-get")
	w.store = &Store{Dir: "/x", Release: "ubuntu noble"}
	_, err := w.ensure(t.Context())
	if err == nil || !strings.Contains(err.Error(), "ubuntu noble") || !strings.Contains(err.Error(), "debian bookworm") {
		t.Errorf("error %v, want one that names both releases", err)
	}
	if w.commands != nil || w.exists(markerFile) {
		t.Errorf("it ran %q", w.commands)
	}
	w.answers = true
	if _, err := w.ensure(t.Context()); err != nil {
		t.Errorf("an engine that is there needs no packages: %v", err)
	}
}

func TestFillStore(t *testing.T) {
	for name, row := range map[string]struct {
		release, sources string
		configured       []string // what apt is to see
		hidden           string   // what it is not
		packages         string
	}{
		"a newer suite gives the engine and nothing else": {
			"ID=debian\nVERSION_CODENAME=bookworm\n",
			"deb http://m/debian bookworm main\ndeb http://m/security bookworm-security main\ndeb http://cloud cloud-bookworm main\n",
			[]string{"Suites: bookworm\n", "Suites: bookworm-security\n", "Suites: trixie\n", "Package: docker.io containerd docker-cli\nPin: release n=trixie\n", "Pin-Priority: 50\n"},
			"http://cloud", "docker.io containerd docker-cli",
		},
		"a release whose engine will do": {
			"ID=ubuntu\nVERSION_CODENAME=noble\n",
			"deb http://m/ubuntu noble main universe\n",
			[]string{"Components: main universe\n"}, "Pin", "docker.io containerd docker-cli",
		},
	} {
		t.Run(name, func(t *testing.T) {
			w := newWorld(t)
			w.put("/etc/os-release", row.release)
			w.put("/etc/apt/sources.list", row.sources)
			before, dir, seen := w.files(), t.TempDir(), ""
			w.host.run = func(_ context.Context, argv ...string) (string, error) {
				if argv[0] == "dpkg-deb" {
					return "Package: " + strings.TrimSuffix(filepath.Base(argv[2]), ".deb") + "\nVersion: 1\n", nil
				}
				if line := strings.Join(argv, " "); strings.Contains(line, "--download-only") {
					if !strings.HasSuffix(line, " "+row.packages) {
						t.Errorf("it ran %s", line)
					}
					seen = download(t, dir)
				}
				return "", nil
			}
			store, err := w.fillStore(t.Context(), dir)
			if err != nil {
				t.Fatal(err)
			}
			for _, want := range row.configured {
				if !strings.Contains(seen, want) {
					t.Errorf("apt saw no %q:\n%s", want, seen)
				}
			}
			if strings.Contains(seen, row.hidden) {
				t.Errorf("apt saw %q:\n%s", row.hidden, seen)
			}
			index, err := os.ReadFile(filepath.Join(dir, "Packages"))
			const want = "Package: a\nVersion: 1\nFilename: ./a.deb\nSize: 1\nSHA256: 2d711642b726b04401627ca9fbac32f5c8530fb1903cc4db02258717921a4881\n\n"
			if diff := cmp.Diff(want, string(index)); err != nil || diff != "" {
				t.Error(err, diff)
			}
			if left, _ := os.ReadDir(dir); len(left) != 2 || !strings.HasPrefix(row.release, "ID="+strings.Fields(store.Release)[0]) {
				t.Errorf("%s holds %v", store.Release, left)
			}
			if diff := cmp.Diff(before, w.files()); diff != "" {
				t.Error("the machine was changed: " + diff)
			}
		})
	}
}

// download does as apt does, and returns what apt was configured with.
func download(t *testing.T, dir string) (seen string) {
	t.Helper()
	apt, err := filepath.Glob(filepath.Join(dir, "apt-*"))
	if err != nil || len(apt) != 1 {
		t.Fatal(apt, err)
	}
	for _, name := range []string{"sources/release.sources", "preferences/suite"} {
		text, err := os.ReadFile(filepath.Join(apt[0], name))
		if err != nil {
			t.Fatal(err)
		}
		seen += string(text)
	}
	if err := os.WriteFile(filepath.Join(apt[0], "cache/archives/a.deb"), []byte("x"), 0o600); err != nil {
		t.Fatal(err)
	}
	return seen
}

func TestFillStoreWhereItCannot(t *testing.T) {
	w := newWorld(t)
	w.put("/etc/os-release", "ID=plan9\nPRETTY_NAME=Plan 9\n")
	if _, err := w.fillStore(t.Context(), t.TempDir()); err == nil || !strings.Contains(err.Error(), "Plan 9") {
		t.Errorf("error %v", err)
	}
}
