package main

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
)

// writeSums writes the sum of each file of a bundle, as sha256sum(1) reads them,
// once all is on the disk.
func writeSums(dir string) error {
	var text strings.Builder
	err := fs.WalkDir(os.DirFS(dir), ".", func(name string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() || !ofBundle(name) {
			return err
		}
		sum, err := sumOf(filepath.Join(dir, name))
		fmt.Fprintf(&text, "%s  %s\n", sum, name)
		return err
	})
	if err != nil {
		return err
	}
	file := filepath.Join(dir, bundleSums)
	if err := os.WriteFile(file+".partial", []byte(text.String()), 0o644); err != nil { //nolint:gosec // for everyone to read
		return err
	}
	return os.Rename(file+".partial", file)
}

// ofBundle leaves out what others have put beside a bundle.
func ofBundle(name string) bool {
	switch name {
	case bundleAbout, bundleBinary, bundleImages, bundleReadme:
		return true
	}
	return strings.HasPrefix(name, bundlePackages+"/")
}

// sumOf reads a file to its end, and puts it on the disk if it is not there yet.
func sumOf(file string) (string, error) {
	f, err := os.Open(file) //nolint:gosec // the path is the operator's own choice
	if err != nil {
		return "", err
	}
	defer f.Close()
	h := sha256.New()
	if _, err := io.Copy(h, f); err != nil {
		return "", err
	}
	_ = f.Sync() // what is only read may refuse
	return hex.EncodeToString(h.Sum(nil)), nil
}

// checkSums finds what of a bundle is missing or not as it was written.
func checkSums(dir string) error {
	text, err := os.ReadFile(filepath.Join(dir, bundleSums)) //nolint:gosec // the folder the operator names
	if errors.Is(err, fs.ErrNotExist) {
		return fmt.Errorf("the bundle in %s is not whole, writing it did not come to its end: run `greenbox bundle` again", dir)
	}
	if err != nil {
		return err
	}
	left := map[string]bool{bundleAbout: true, bundleBinary: true, bundleImages: true, bundlePackages + "/Packages": true}
	for line := range strings.Lines(string(text)) {
		want, name, ok := strings.Cut(strings.TrimRight(line, "\n"), "  ")
		if !ok || !filepath.IsLocal(name) {
			return fmt.Errorf("%s says %q, which is no checksum of a bundle's file", filepath.Join(dir, bundleSums), line)
		}
		got, err := sumOf(filepath.Join(dir, name))
		if err != nil {
			return fmt.Errorf("the bundle is damaged: %w", err)
		}
		if got != want {
			return fmt.Errorf("the bundle is damaged: %s is not what was written; copy the bundle again", filepath.Join(dir, name))
		}
		delete(left, name)
	}
	for name := range left {
		return fmt.Errorf("%s has no checksum of %s: the bundle is damaged; copy it again", filepath.Join(dir, bundleSums), name)
	}
	return nil
}
