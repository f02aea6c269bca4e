package nodeimage

import (
	"context"
	"fmt"
	"time"

	"github.com/google/go-containerregistry/pkg/name"
	v1 "github.com/google/go-containerregistry/pkg/v1"
	"github.com/google/go-containerregistry/pkg/v1/remote"
)

// answerTime is how long the registry may take to answer before it counts as out
// of reach.
const answerTime = 5 * time.Second

// decide turns Auto into a way that works here.
func (b *Builder) decide(ctx context.Context, from From) (From, error) {
	if from != Auto {
		return from, nil
	}
	for _, way := range []From{Pull, Source} {
		if b.exists(ctx, Ref(way)) {
			return way, nil
		}
	}
	if err := reachable(ctx, kindest); err != nil {
		b.Report("no registry in reach, so the node image is built from source: " + err.Error())
		return Source, ctx.Err()
	}
	return Pull, nil
}

// reachable reports whether the registry has the image that ref pins, within
// answerTime. It does not download it.
func reachable(ctx context.Context, ref string) error {
	digest, err := name.NewDigest(ref)
	if err != nil {
		return err
	}
	ctx, cancel := context.WithTimeout(ctx, answerTime)
	defer cancel()
	if _, err := remote.Head(digest, remote.WithContext(ctx), remote.WithRetryBackoff(remote.Backoff{Steps: 1})); err != nil {
		return fmt.Errorf("ask for %s: %w", digest.Repository, err)
	}
	return nil
}

// fetch returns the image of this machine's kind that ref pins. What does not
// match the digest is an error, here or when its layers are read.
func fetch(ctx context.Context, ref string) (v1.Image, error) {
	digest, err := name.NewDigest(ref)
	if err != nil {
		return nil, err
	}
	found, err := remote.Get(digest, remote.WithContext(ctx))
	if err != nil {
		return nil, fmt.Errorf("fetch %s: %w", ref, err)
	}
	return found.Image()
}
