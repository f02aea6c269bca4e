package nodeimage

import (
	"archive/tar"
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path"
	"path/filepath"
	"runtime"
	"strings"

	v1 "github.com/google/go-containerregistry/pkg/v1"
	"github.com/google/go-containerregistry/pkg/v1/empty"
	"github.com/google/go-containerregistry/pkg/v1/layout"
	"github.com/google/go-containerregistry/pkg/v1/mutate"
	"github.com/google/go-containerregistry/pkg/v1/tarball"
)

// archive is one image and the names it goes by.
type archive struct {
	names []string
	image v1.Image
}

// binPath is where every program of an image made here lies.
const binPath = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"

// kubernetesImages are the images that kubeadm asks for, under its names.
func kubernetesImages(ctx context.Context, p parts) ([]archive, error) {
	names, err := kubeadmImages(ctx, p.kube)
	if err != nil {
		return nil, err
	}
	kube, err := kubeLayer(filepath.Join(p.kube, "kube"))
	if err != nil {
		return nil, err
	}
	proxyRoot, err := fileLayer(p.proxy)
	if err != nil {
		return nil, err
	}
	pause, err := buildPause(ctx)
	if err != nil {
		return nil, err
	}
	var out []archive
	for _, name := range names {
		program, _, _ := strings.Cut(path.Base(name), ":")
		var layers []v1.Layer
		var err error
		config := v1.Config{Env: []string{"PATH=" + binPath}}
		also := []string{}
		switch program {
		case "kube-proxy":
			layers = []v1.Layer{proxyRoot, kube}
		case "kube-apiserver", "kube-controller-manager", "kube-scheduler":
			layers = []v1.Layer{kube}
		case "pause":
			layers, config.Entrypoint = []v1.Layer{pause}, []string{"/pause"}
			also = append(also, "registry.k8s.io/pause:"+pauseTag)
		case "coredns", "etcd":
			var layer v1.Layer
			layer, err = programLayer(p.bin[program], program)
			layers, config.Entrypoint = []v1.Layer{layer}, []string{"/usr/local/bin/" + program}
		default:
			err = fmt.Errorf("kubeadm asks for %s, which is not built here", name)
		}
		if err != nil {
			return nil, err
		}
		image, err := newImage(config, layers...)
		if err != nil {
			return nil, err
		}
		out = append(out, archive{append(also, name), image})
	}
	return out, nil
}

// kubeadmImages asks kubeadm itself which images it will want.
func kubeadmImages(ctx context.Context, dir string) ([]string, error) {
	kubeadm := filepath.Join(dir, "kubeadm")
	if err := os.Symlink("kube", kubeadm); err != nil && !errors.Is(err, os.ErrExist) {
		return nil, err
	}
	out, err := output(ctx, dir, nil, kubeadm, "config", "images", "list", "--kubernetes-version", kubernetesVersion)
	return strings.Fields(string(out)), err
}

// kubeLayer holds the one binary and the names that the control plane calls it by.
func kubeLayer(binary string) (v1.Layer, error) {
	content, err := os.ReadFile(binary) //nolint:gosec // from our own cache
	if err != nil {
		return nil, err
	}
	return tarLayer(func(t *tar.Writer) error {
		if err := addFile(t, "usr/local/bin/kube", 0o755, content); err != nil {
			return err
		}
		for _, name := range []string{"kube-apiserver", "kube-controller-manager", "kube-scheduler", "kube-proxy"} {
			h := &tar.Header{Name: "usr/local/bin/" + name, Typeflag: tar.TypeSymlink, Linkname: "kube", Mode: 0o777}
			if err := t.WriteHeader(h); err != nil {
				return err
			}
		}
		return nil
	})
}

func programLayer(binary, name string) (v1.Layer, error) {
	content, err := os.ReadFile(binary) //nolint:gosec // from our own cache
	if err != nil {
		return nil, err
	}
	return tarLayer(func(t *tar.Writer) error { return addFile(t, "usr/local/bin/"+name, 0o755, content) })
}

func buildPause(ctx context.Context) (v1.Layer, error) {
	dir, err := os.MkdirTemp("", "greenbox-pause-*")
	if err != nil {
		return nil, err
	}
	defer os.RemoveAll(dir)
	source := filepath.Join(dir, "pause.c")
	if err := os.WriteFile(source, []byte(embedded("source/pause.c")), 0o600); err != nil {
		return nil, err
	}
	if err := run(ctx, dir, nil, "gcc", "-Os", "-static", "-s", "-o", "pause", source); err != nil {
		return nil, err
	}
	content, err := os.ReadFile(filepath.Join(dir, "pause")) //nolint:gosec // just built
	if err != nil {
		return nil, err
	}
	return tarLayer(func(t *tar.Writer) error { return addFile(t, "pause", 0o755, content) })
}

func tarLayer(fill func(*tar.Writer) error) (v1.Layer, error) {
	var buf bytes.Buffer
	t := tar.NewWriter(&buf)
	if err := fill(t); err != nil {
		return nil, err
	}
	if err := t.Close(); err != nil {
		return nil, err
	}
	return tarball.LayerFromOpener(func() (io.ReadCloser, error) { return io.NopCloser(bytes.NewReader(buf.Bytes())), nil }, tarball.WithCompressionLevel(1))
}

func fileLayer(tarFile string) (v1.Layer, error) {
	return tarball.LayerFromFile(tarFile, tarball.WithCompressionLevel(1))
}

func newImage(config v1.Config, layers ...v1.Layer) (v1.Image, error) {
	image, err := mutate.AppendLayers(empty.Image, layers...)
	if err != nil {
		return nil, err
	}
	file, err := image.ConfigFile()
	if err != nil {
		return nil, err
	}
	file = file.DeepCopy()
	file.Architecture, file.OS, file.Config = runtime.GOARCH, "linux", config
	return mutate.ConfigFile(image, file)
}

// writeLayout writes images as an OCI layout that names each of them.
func writeLayout(dir string, images []archive) error {
	p, err := layout.Write(dir, empty.Index)
	if err != nil {
		return err
	}
	for _, a := range images {
		for _, name := range a.names {
			err := p.AppendImage(a.image, layout.WithAnnotations(map[string]string{
				"org.opencontainers.image.ref.name": name, "io.containerd.image.name": name,
			}))
			if err != nil {
				return err
			}
		}
	}
	return nil
}
