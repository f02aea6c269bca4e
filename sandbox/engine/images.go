package engine

import (
	"context"
	"errors"
	"fmt"
	"io"
	"strings"

	"github.com/containerd/errdefs"
)

// ImageID is the engine's id of an image, and its size; the id is empty when there
// is no such image.
func (e *Engine) ImageID(ctx context.Context, ref string) (id string, size int64, err error) {
	image, err := e.client.ImageInspect(ctx, ref)
	if errdefs.IsNotFound(err) {
		return "", 0, nil
	}
	if err != nil {
		return "", 0, fmt.Errorf("image %s: %w", ref, err)
	}
	return image.ID, image.Size, nil
}

// SaveImages writes images as one archive, in which layers that they share are
// once.
func (e *Engine) SaveImages(ctx context.Context, refs []string, w io.Writer) error {
	r, err := e.client.ImageSave(ctx, refs)
	if err != nil {
		return fmt.Errorf("save images: %w", err)
	}
	defer r.Close()
	if _, err := io.Copy(w, r); err != nil {
		return fmt.Errorf("save images: %w", err)
	}
	return nil
}

// LoadImages reads an archive that SaveImages wrote.
func (e *Engine) LoadImages(ctx context.Context, r io.Reader) error {
	said, err := e.client.ImageLoad(ctx, r)
	if err != nil {
		return fmt.Errorf("load images: %w", err)
	}
	defer said.Close()
	raw, err := io.ReadAll(said)
	if err == nil && strings.Contains(string(raw), `"errorDetail"`) {
		err = errors.New(lastLines(string(raw), 1))
	}
	if err != nil {
		return fmt.Errorf("load images: %w", err)
	}
	return nil
}
