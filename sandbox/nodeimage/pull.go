package nodeimage

import (
	"context"
	"fmt"
	"io"

	"github.com/google/go-containerregistry/pkg/name"
	"github.com/google/go-containerregistry/pkg/v1/tarball"
)

// pullBase brings kind's own node image into the engine.
func (b *Builder) pullBase(ctx context.Context) (string, error) {
	ref := baseRef(Pull)
	if b.exists(ctx, ref) {
		return ref, nil
	}
	b.Report("pulling " + kindest)
	image, err := fetch(ctx, kindest)
	if err != nil {
		return "", err
	}
	tag, err := name.NewTag(ref)
	if err != nil {
		return "", err
	}
	r, w := io.Pipe()
	go func() { _ = w.CloseWithError(tarball.Write(tag, image, w)) }() // never fails
	defer r.Close()
	loaded, err := b.Engine.Client().ImageLoad(ctx, r)
	if err != nil {
		return "", fmt.Errorf("load %s: %w", kindest, err)
	}
	return ref, drain(loaded)
}
