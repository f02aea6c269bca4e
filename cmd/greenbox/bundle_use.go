package main

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"strings"

	"github.com/greenbox-lab/greenbox/sandbox/engine"
	"github.com/greenbox-lab/greenbox/sandbox/nodeimage"
	"github.com/klauspost/compress/zstd"
)

// origin is where engine and images come from: the value of --from.
type origin struct {
	way    nodeimage.From // of the node image, made here
	dir    string         // of a bundle, instead
	bundle bundle         // once it is open
}

const fromUsage = "where a missing node image comes from: auto, pull or source; or the folder of a bundle, for everything"

// parseOrigin takes for a folder what is one or looks like one.
func parseOrigin(value string) (origin, error) {
	way, err := nodeimage.ParseFrom(value)
	if err == nil {
		return origin{way: way}, nil
	}
	info, stat := os.Stat(value)
	if strings.Contains(value, "/") || stat == nil && info.IsDir() {
		return origin{dir: value}, nil
	}
	return origin{}, fmt.Errorf("%w, or the folder of a bundle", err)
}

// open checks the bundle, if there is one, before anything is done with it.
func (o *origin) open(say func(string)) error {
	if o.dir == "" {
		return nil
	}
	b, err := readBundle(o.dir)
	if err != nil {
		return err
	}
	if b.Format > bundleFormat || b.Image != nodeimage.Ref(nodeimage.Pull) && b.Image != nodeimage.Ref(nodeimage.Source) {
		return fmt.Errorf("another version of Greenbox (%s) made the bundle in %s: run the one in it, %s", b.Greenbox, o.dir, filepath.Join(o.dir, bundleBinary))
	}
	if b.Arch != runtime.GOARCH {
		return fmt.Errorf("the bundle in %s is for %s and this machine is %s: make one on a machine that is %s", o.dir, b.Arch, runtime.GOARCH, runtime.GOARCH)
	}
	say("checking the bundle")
	o.bundle = b
	return checkSums(o.dir)
}

func (o *origin) engine(ctx context.Context, say func(string)) (*engine.Engine, error) {
	if o.dir == "" {
		return engine.Ensure(ctx, say)
	}
	return engine.EnsureFrom(ctx, engine.Store{Dir: filepath.Join(o.dir, bundlePackages), Release: o.bundle.Release}, say)
}

// image makes sure of the node image and returns its reference.
func (o *origin) image(ctx context.Context, e *engine.Engine, cache string, say func(string)) (string, error) {
	ctx, cancel := context.WithTimeout(ctx, imageTimeout)
	defer cancel()
	if o.dir != "" {
		return o.bundle.Image, o.load(ctx, e, say)
	}
	b := &nodeimage.Builder{Engine: e, Cache: filepath.Join(cache, "nodeimage"), Report: say}
	return b.Ensure(ctx, o.way)
}

// load brings the bundle's images to the engine, unless all are there.
func (o *origin) load(ctx context.Context, e *engine.Engine, say func(string)) error {
	missing := false
	for ref := range o.bundle.Images {
		id, _, err := e.ImageID(ctx, ref)
		if err != nil {
			return err
		}
		missing = missing || id == ""
	}
	if !missing {
		return nil
	}
	say("loading the images of the bundle: this takes a minute or so")
	f, err := os.Open(filepath.Join(o.dir, bundleImages))
	if err != nil {
		return err
	}
	defer f.Close()
	z, err := zstd.NewReader(f)
	if err != nil {
		return err
	}
	defer z.Close()
	return e.LoadImages(ctx, z)
}
