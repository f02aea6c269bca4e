package main

import (
	"encoding/json"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"

	"github.com/greenbox-lab/greenbox/sandbox/nodeimage"
)

// bundled is a bundle that is whole, but for what its files say.
func bundled(t *testing.T, change func(*bundle)) string {
	t.Helper()
	dir := t.TempDir()
	for _, name := range []string{bundleBinary, bundleImages, bundleReadme, bundlePackages + "/Packages", bundlePackages + "/a b.deb", "notes.txt"} {
		write(t, dir, name)
	}
	b := bundle{Format: bundleFormat, Greenbox: "v1", Arch: runtime.GOARCH, Release: "debian bookworm", Image: nodeimage.Ref(nodeimage.Source)}
	change(&b)
	text, err := json.Marshal(b)
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(dir, bundleAbout), text, 0o600); err != nil {
		t.Fatal(err)
	}
	if err := writeSums(dir); err != nil {
		t.Fatal(err)
	}
	return dir
}

func TestABundleIsCheckedBeforeItIsUsed(t *testing.T) {
	asItIs := func(*bundle) {}
	for name, row := range map[string]struct {
		change func(*bundle)
		spoil  func(t *testing.T, dir string)
		says   string
	}{
		"as it was written": {asItIs, func(*testing.T, string) {}, ""},
		"what lies beside it does not matter": {asItIs, func(t *testing.T, dir string) {
			write(t, dir, "more.txt")
		}, ""},
		"of another architecture":  {func(b *bundle) { b.Arch = "riscv64" }, func(*testing.T, string) {}, "riscv64 and this machine is " + runtime.GOARCH},
		"of another version":       {func(b *bundle) { b.Image = "greenbox/node:v0" }, func(*testing.T, string) {}, "another version of Greenbox (v1)"},
		"in a format of tomorrow":  {func(b *bundle) { b.Format++ }, func(*testing.T, string) {}, "another version of Greenbox (v1)"},
		"a file that was changed":  {asItIs, func(t *testing.T, dir string) { change(t, dir, bundleImages) }, "images.tar.zst is not what was written"},
		"a package that is gone":   {asItIs, func(t *testing.T, dir string) { gone(t, dir, bundlePackages+"/a b.deb") }, "damaged"},
		"one that is half written": {asItIs, func(t *testing.T, dir string) { gone(t, dir, bundleSums) }, "did not come to its end"},
		"sums that leave the images out": {asItIs, func(t *testing.T, dir string) {
			gone(t, dir, bundleImages)
			if err := writeSums(dir); err != nil {
				t.Fatal(err)
			}
		}, "no checksum of images.tar.zst"},
		"sums that lead elsewhere": {asItIs, func(t *testing.T, dir string) {
			if err := os.WriteFile(filepath.Join(dir, bundleSums), []byte("00  ../../etc/passwd\n"), 0o600); err != nil {
				t.Fatal(err)
			}
		}, "no checksum of a bundle's file"},
		"a folder that is no bundle": {asItIs, func(t *testing.T, dir string) { gone(t, dir, bundleAbout) }, "is no bundle"},
	} {
		t.Run(name, func(t *testing.T) {
			dir := bundled(t, row.change)
			row.spoil(t, dir)
			o := origin{dir: dir}
			err := o.open(func(string) {})
			if row.says == "" && err != nil || row.says != "" && (err == nil || !strings.Contains(err.Error(), row.says)) {
				t.Errorf("error %v, want one that says %q", err, row.says)
			}
		})
	}
}

func change(t *testing.T, dir, name string) {
	t.Helper()
	if err := os.WriteFile(filepath.Join(dir, name), []byte("y\n"), 0o600); err != nil {
		t.Fatal(err)
	}
}

func gone(t *testing.T, dir, name string) {
	t.Helper()
	if err := os.Remove(filepath.Join(dir, name)); err != nil {
		t.Fatal(err)
	}
}

func TestWhereABundleIsWritten(t *testing.T) {
	for name, row := range map[string]struct {
		files []string
		says  string
	}{
		"a folder that is not there is made": {nil, ""},
		"an older bundle is renewed":         {[]string{bundleAbout, bundleImages}, ""},
		"anything else is left alone":        {[]string{"photo.jpg"}, "photo.jpg"},
	} {
		t.Run(name, func(t *testing.T) {
			dir := filepath.Join(t.TempDir(), "stick")
			for _, file := range row.files {
				write(t, dir, file)
			}
			err := claim(dir)
			if row.says == "" && err != nil || row.says != "" && (err == nil || !strings.Contains(err.Error(), row.says)) {
				t.Errorf("error %v, want one that says %q", err, row.says)
			}
		})
	}
}

func TestFromTakesAWayOrAFolder(t *testing.T) {
	t.Chdir(t.TempDir())
	for _, dir := range []string{"stick", "pull"} {
		if err := os.Mkdir(dir, 0o700); err != nil {
			t.Fatal(err)
		}
	}
	for value, want := range map[string]origin{
		"auto":     {way: nodeimage.Auto},
		"pull":     {way: nodeimage.Pull},
		"./pull":   {dir: "./pull"},
		"source":   {way: nodeimage.Source},
		".":        {dir: "."},
		"stick":    {dir: "stick"},
		"/nowhere": {dir: "/nowhere"},
	} {
		got, err := parseOrigin(value)
		if err != nil || got.way != want.way || got.dir != want.dir {
			t.Errorf("--from %s is %+v, %v", value, got, err)
		}
	}
	if _, err := parseOrigin("sources"); err == nil || !strings.Contains(err.Error(), "folder of a bundle") {
		t.Errorf("error %v", err)
	}
}
