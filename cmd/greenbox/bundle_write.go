package main

import (
	"context"
	_ "embed" // the text for who opens the folder
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"slices"

	"github.com/greenbox-lab/greenbox/sandbox/engine"
	"github.com/klauspost/compress/zstd"
	"golang.org/x/sys/unix"
)

//go:embed bundle_readme.md
var bundleText []byte

// bundleWriter fills one folder.
type bundleWriter struct {
	dir    string
	engine *engine.Engine
	about  bundle
	say    func(string)
}

// done reports whether the folder has this very bundle, whole.
func (w *bundleWriter) done() bool {
	there, err := readBundle(w.dir)
	if err != nil {
		return false
	}
	w.about.Release = there.Release
	same := there.Greenbox == w.about.Greenbox && there.Arch == w.about.Arch && maps.Equal(there.Images, w.about.Images)
	return same && sameContent(filepath.Join(w.dir, bundleBinary)) && checkSums(w.dir) == nil
}

// sameContent reports whether a file is this very program.
func sameContent(file string) bool {
	self, err := os.Executable()
	if err != nil {
		return false
	}
	a, errA := sumOf(self)
	b, errB := sumOf(file)
	return errA == nil && errB == nil && a == b
}

func (w *bundleWriter) write(ctx context.Context) error {
	if err := w.room(ctx); err != nil {
		return err
	}
	if err := os.Remove(filepath.Join(w.dir, bundleSums)); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	for _, step := range []func(context.Context) error{w.begin, w.packages, w.begin, w.binary, w.images} {
		if err := step(ctx); err != nil {
			return fmt.Errorf("write the bundle: %w", err)
		}
	}
	if err := os.WriteFile(filepath.Join(w.dir, bundleReadme), bundleText, 0o644); err != nil { //nolint:gosec // for everyone to read
		return fmt.Errorf("write the bundle: %w", err)
	}
	w.say("writing the checksums")
	if err := writeSums(w.dir); err != nil {
		return fmt.Errorf("write the bundle: %w", err)
	}
	return nil
}

// packagesRoom is for packages and program, with some to spare.
const packagesRoom = 300 << 20

// room makes sure of the disk before anything is written: images become less than
// half their size.
func (w *bundleWriter) room(ctx context.Context) error {
	_, node, err := w.engine.ImageID(ctx, w.about.Image)
	if err != nil {
		return err
	}
	all := node
	for ref := range w.about.Images {
		_, size, err := w.engine.ImageID(ctx, ref)
		if err != nil {
			return err
		}
		all += max(0, size-node) // the golden ones lie on the node image
	}
	need := all/2 + packagesRoom
	var disk unix.Statfs_t
	if err := unix.Statfs(w.dir, &disk); err != nil {
		return fmt.Errorf("free space of %s: %w", w.dir, err)
	}
	have := int64(disk.Bavail) * disk.Bsize //nolint:gosec // no disk has so many blocks
	if old, err := os.Stat(filepath.Join(w.dir, bundleImages)); err == nil {
		have += old.Size() // is replaced
	}
	if have < need {
		return fmt.Errorf("the disk of %s has %d MiB free, and the bundle may need %d: free some, or name another folder", w.dir, have>>20, need>>20)
	}
	return nil
}

// begin is written again when the release is known.
func (w *bundleWriter) begin(context.Context) error {
	text, err := json.MarshalIndent(w.about, "", "  ")
	if err != nil {
		return err
	}
	return w.file(bundleAbout, 0o644, func(f io.Writer) error {
		_, err := f.Write(append(text, '\n'))
		return err
	})
}

func (w *bundleWriter) packages(ctx context.Context) error {
	dir := filepath.Join(w.dir, bundlePackages)
	partial := dir + ".partial"
	if err := os.RemoveAll(partial); err != nil {
		return err
	}
	if err := os.Mkdir(partial, 0o755); err != nil { //nolint:gosec // for everyone to read
		return err
	}
	store, err := engine.FillStore(ctx, partial, w.say)
	if err != nil {
		return errors.Join(err, os.RemoveAll(partial))
	}
	w.about.Release = store.Release
	if err := os.RemoveAll(dir); err != nil {
		return err
	}
	return os.Rename(partial, dir)
}

func (w *bundleWriter) binary(context.Context) error {
	self, err := os.Executable()
	if err != nil {
		return err
	}
	from, err := os.Open(self) //nolint:gosec // this program
	if err != nil {
		return err
	}
	defer from.Close()
	return w.file(bundleBinary, 0o755, func(f io.Writer) error {
		_, err := io.Copy(f, from)
		return err
	})
}

func (w *bundleWriter) images(ctx context.Context) error {
	w.say("writing the images, compressed: this takes a minute or so")
	return w.file(bundleImages, 0o644, func(f io.Writer) error {
		z, err := zstd.NewWriter(f, zstd.WithEncoderLevel(zstd.SpeedFastest))
		if err != nil {
			return err
		}
		refs := slices.Sorted(maps.Keys(w.about.Images))
		return errors.Join(w.engine.SaveImages(ctx, refs, z), z.Close())
	})
}

// file makes a file that is there under its name only when it is whole.
func (w *bundleWriter) file(name string, mode fs.FileMode, fill func(io.Writer) error) error {
	file := filepath.Join(w.dir, name)
	f, err := os.OpenFile(file+".partial", os.O_CREATE|os.O_TRUNC|os.O_WRONLY, mode) //nolint:gosec // the path is the operator's own choice
	if err != nil {
		return err
	}
	if err := errors.Join(fill(f), f.Close()); err != nil {
		return errors.Join(err, os.Remove(file+".partial"))
	}
	return os.Rename(file+".partial", file)
}
