// Package nodeimage makes the one image that every node of every cluster runs:
// kind's node with what a learner expects of a machine on top.
//
// It is made in two steps. The base is either kind's own kindest/node, pulled by
// digest, or the same thing built from Go modules and Debian packages where no
// registry is in reach. Our layer is then applied to either base by one script in
// one container, so that the rest of the program sees no difference: sshd, the
// tools the labs use, a login shell with completion, the nginx and busybox images
// the documents use, and a read-only registry of them (an OCI layout in
// /kind/registry, served by the node's agent) that containerd asks before the
// upstream one.
//
// Kubernetes is built as one program that acts by the name it is called by, which
// links once instead of seven times and is one layer shared by the four
// control plane images. Committed snapshots lie in the image's root filesystem
// with links from /var/lib/containerd: kind keeps /var in a volume, which Docker
// fills by copying, so what lies outside of it is neither copied nor held twice.
//
// An image's tag is the digest of all that goes into it; an image exists under
// its tag only when complete. Nothing here knows clusters, labs or HTTP.
package nodeimage

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"time"

	"github.com/greenbox-lab/greenbox/sandbox/engine"
)

// From says where the base of the image comes from.
type From string

// The ways to a base. Auto takes the image that is there, else pulls where the
// registry answers, else builds.
const (
	Auto   From = "auto"
	Pull   From = "pull"
	Source From = "source"
)

// ParseFrom reads the value of a --from flag.
func ParseFrom(s string) (From, error) {
	switch f := From(s); f {
	case Auto, Pull, Source:
		return f, nil
	}
	return "", fmt.Errorf("--from %q: it is auto, pull or source", s)
}

// Builder makes node images on one engine.
type Builder struct {
	Engine *engine.Engine
	Cache  string            // a directory for what the next build uses again
	Report func(line string) // called with each step as it begins; may be called from several goroutines
}

// Ensure returns the reference of a complete node image, made if there is none.
// It blocks for as long as that takes: seconds when there is one, some minutes
// for a pull, about a quarter of an hour for a first build.
func (b *Builder) Ensure(ctx context.Context, from From) (string, error) {
	if err := os.MkdirAll(b.Cache, 0o755); err != nil { //nolint:gosec // apt's sandbox user reads in it
		return "", fmt.Errorf("cache of the node image: %w", err)
	}
	unlock, err := engine.Lock(ctx, filepath.Join(b.Cache, "lock"), func() { b.Report("another process is making the node image: waiting for it") })
	if err != nil {
		return "", err
	}
	defer unlock()
	if err := dropPartial(b.Cache); err != nil {
		return "", fmt.Errorf("remove what an earlier build left: %w", err)
	}
	from, err = b.decide(ctx, from)
	if err != nil {
		return "", err
	}
	ref := Ref(from)
	if b.exists(ctx, ref) {
		return ref, nil
	}
	if err := b.sweep(ctx); err != nil {
		return "", fmt.Errorf("remove what an earlier build left: %w", err)
	}
	started := time.Now()
	if err := b.make(ctx, from, ref); err != nil {
		return "", fmt.Errorf("node image from %s: %w", from, err)
	}
	b.Report(fmt.Sprintf("node image %s made in %s", ref, time.Since(started).Round(time.Second)))
	return ref, nil
}

func (b *Builder) make(ctx context.Context, from From, ref string) error {
	base, images, err := "", []archive(nil), error(nil)
	switch from {
	case Pull:
		base, err = b.pullBase(ctx)
	case Source:
		base, images, err = b.buildBase(ctx)
	case Auto:
		err = errors.New("auto was not decided")
	}
	if err != nil {
		return err
	}
	return b.applyLayer(ctx, base, images, ref)
}
