package nodeimage

import (
	"context"
	"errors"
	"strings"

	"github.com/greenbox-lab/greenbox/sandbox/engine"
	"github.com/moby/moby/client"
)

// Present returns the reference of a complete node image of this version, made
// either way, or an error that says how to make one.
func Present(ctx context.Context, e *engine.Engine) (string, error) {
	b := &Builder{Engine: e}
	for _, way := range []From{Pull, Source} {
		if ref := Ref(way); b.exists(ctx, ref) {
			return ref, nil
		}
	}
	return "", errors.New("there is no node image of this version: run `greenbox image` or `greenbox up`")
}

// Remove removes every image that this package ever made, older versions too.
func Remove(ctx context.Context, e *engine.Engine) error {
	found, err := e.Client().ImageList(ctx, client.ImageListOptions{})
	if err != nil {
		return err
	}
	var errs []error
	for _, image := range found.Items {
		for _, tag := range image.RepoTags {
			if strings.HasPrefix(tag, "greenbox/node") {
				_, err := e.Client().ImageRemove(ctx, tag, client.ImageRemoveOptions{})
				errs = append(errs, err)
			}
		}
	}
	return errors.Join(errs...)
}
