package nodeimage

import (
	"archive/tar"
	"context"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"

	v1 "github.com/google/go-containerregistry/pkg/v1"
)

// applyLayer makes ref of base: the learner's tools, the documents' images and,
// imported into containerd, images.
func (b *Builder) applyLayer(ctx context.Context, base string, images []archive, ref string) error {
	w, err := b.open(ctx, base)
	if err != nil {
		return err
	}
	defer w.close(ctx)
	if err := w.put(ctx, fillLayer); err != nil {
		return fmt.Errorf("copy the layer: %w", err)
	}
	b.Report("installing the learner's tools")
	if err := w.script(ctx, "/layer/install.sh"); err != nil {
		return err
	}
	baked, err := b.bakedImages(ctx, base)
	if err != nil {
		return err
	}
	b.Report("importing images")
	if err := w.putImages(ctx, "kind/registry", baked); err != nil {
		return err
	}
	if err := w.putImages(ctx, "import", append(images, baked...)); err != nil {
		return err
	}
	if err := w.script(ctx, "/layer/import.sh"); err != nil {
		return err
	}
	if _, _, err := b.Engine.Exec(ctx, w.id, []string{"rm", "-rf", "/layer", "/base.sh"}, nil); err != nil {
		return err
	}
	return w.commit(ctx, ref)
}

func fillLayer(t *tar.Writer) error {
	for _, name := range embeddedUnder("layer") {
		if err := addFile(t, name, 0o644, []byte(embedded(name))); err != nil {
			return err
		}
	}
	return nil
}

func (w *workshop) putImages(ctx context.Context, to string, images []archive) error {
	dir, err := os.MkdirTemp(w.b.Cache, "module-layout-*")
	if err != nil {
		return err
	}
	defer os.RemoveAll(dir)
	if err := writeLayout(dir, images); err != nil {
		return fmt.Errorf("write images: %w", err)
	}
	return w.put(ctx, func(t *tar.Writer) error { return addTree(t, dir, to, 0o644) })
}

// bakedImages are nginx and busybox as the documents name them, made of Debian
// packages in a container of base.
func (b *Builder) bakedImages(ctx context.Context, base string) ([]archive, error) {
	names := []string{"nginx", "busybox"}
	dir, err := b.cached("images-"+digest(embedded("layer/images.sh")), func(dir string) error {
		b.Report("making the nginx and busybox images")
		w, err := b.open(ctx, base)
		if err != nil {
			return err
		}
		defer w.close(ctx)
		if err := w.put(ctx, fillLayer); err != nil {
			return err
		}
		if err := w.script(ctx, "/layer/images.sh"); err != nil {
			return err
		}
		for _, name := range names {
			if err := w.save(ctx, "/images/"+name, filepath.Join(dir, name+".tar")); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		return nil, err
	}
	var out []archive
	for _, name := range names {
		layer, err := fileLayer(filepath.Join(dir, name+".tar"))
		if err != nil {
			return nil, err
		}
		image, err := newImage(bakedConfig(name), layer)
		if err != nil {
			return nil, err
		}
		out = append(out, archive{[]string{"docker.io/library/" + name + ":latest"}, image})
	}
	return out, nil
}

func bakedConfig(name string) v1.Config {
	config := v1.Config{Env: []string{"PATH=" + binPath}, Cmd: []string{"sh"}}
	if name == "nginx" {
		config.Cmd = []string{"nginx", "-g", "daemon off;"}
		config.ExposedPorts = map[string]struct{}{"80/tcp": {}}
		config.StopSignal = "SIGQUIT"
	}
	return config
}

// save writes a folder of the container to an archive on the host.
func (w *workshop) save(ctx context.Context, dir, file string) error {
	f, err := os.Create(file) //nolint:gosec // in our own cache
	if err != nil {
		return err
	}
	if err := w.get(ctx, dir, f); err != nil {
		_ = f.Close() // the first error says more
		return err
	}
	return f.Close()
}

// drain reads an answer of the engine to its end; an error in it is one.
func drain(r io.ReadCloser) error {
	defer r.Close()
	raw, err := io.ReadAll(r)
	if err != nil {
		return err
	}
	if strings.Contains(string(raw), `"errorDetail"`) {
		return fmt.Errorf("%s", tail(string(raw)))
	}
	return nil
}
