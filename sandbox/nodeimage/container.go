package nodeimage

import (
	"archive/tar"
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"time"

	"github.com/moby/moby/api/types/container"
	"github.com/moby/moby/api/types/mount"
	"github.com/moby/moby/client"
)

// buildLabel marks the containers that a build left behind when it was killed.
const buildLabel = "greenbox.build"

// workshop is a container in which a step of the build happens.
type workshop struct {
	b  *Builder
	id string
}

// open starts a container of image that does nothing. The caller closes it.
func (b *Builder) open(ctx context.Context, image string) (*workshop, error) {
	made, err := b.Engine.Client().ContainerCreate(ctx, client.ContainerCreateOptions{
		Config: &container.Config{
			Image: image, Entrypoint: []string{"sleep", "3600"}, Cmd: []string{},
			Labels: map[string]string{buildLabel: "1"},
		},
		HostConfig: &container.HostConfig{
			Privileged: true, NetworkMode: "host",
			Mounts: []mount.Mount{{Type: mount.TypeVolume, Target: "/scratch"}}, // a volume of the image would be every node's too
		},
	})
	if err != nil {
		return nil, fmt.Errorf("container of %s: %w", image, err)
	}
	w := &workshop{b: b, id: made.ID}
	if _, err := b.Engine.Client().ContainerStart(ctx, w.id, client.ContainerStartOptions{}); err != nil {
		w.close(ctx)
		return nil, fmt.Errorf("start a container of %s: %w", image, err)
	}
	return w, nil
}

// sweep removes what an earlier build left: the lock says that none runs now.
func (b *Builder) sweep(ctx context.Context) error {
	left, err := b.Engine.Client().ContainerList(ctx, client.ContainerListOptions{
		All: true, Filters: make(client.Filters).Add("label", buildLabel+"=1"), // an image made here carries the label, empty
	})
	if err != nil {
		return err
	}
	var errs []error
	for _, c := range left.Items {
		_, err := b.Engine.Client().ContainerRemove(ctx, c.ID, client.ContainerRemoveOptions{RemoveVolumes: true, Force: true})
		errs = append(errs, err)
	}
	return errors.Join(errs...)
}

// close removes the container, also when the build was cancelled.
func (w *workshop) close(ctx context.Context) {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), time.Minute)
	defer cancel()
	_, err := w.b.Engine.Client().ContainerRemove(ctx, w.id, client.ContainerRemoveOptions{RemoveVolumes: true, Force: true})
	if err != nil {
		w.b.Report("build container left behind, the next build removes it: " + err.Error())
	}
}

// script runs a bash script of this package that must succeed.
func (w *workshop) script(ctx context.Context, path string) error {
	exit, out, err := w.b.Engine.Exec(ctx, w.id, []string{"bash", path}, nil)
	if err != nil {
		return err
	}
	if exit != 0 {
		return fmt.Errorf("%s: exit code %d\n%s", filepath.Base(path), exit, tail(string(out)))
	}
	return nil
}

// put writes files into the container; fill gets the archive to write them to.
func (w *workshop) put(ctx context.Context, fill func(*tar.Writer) error) error {
	r, pipe := io.Pipe()
	go func() {
		t := tar.NewWriter(pipe)
		err := fill(t)
		if err == nil {
			err = t.Close()
		}
		_ = pipe.CloseWithError(err) // never fails
	}()
	_, err := w.b.Engine.Client().CopyToContainer(ctx, w.id, client.CopyToContainerOptions{DestinationPath: "/", Content: r})
	return errors.Join(err, r.Close())
}

// get streams a folder of the container as an archive to dst.
func (w *workshop) get(ctx context.Context, dir string, dst io.Writer) error {
	stream, err := w.b.Engine.Dial(ctx, w.id, []string{"tar", "-C", dir, "--numeric-owner", "--sort=name", "--mtime=@0", "-cf", "-", "."})
	if err != nil {
		return err
	}
	_, err = io.Copy(dst, stream)
	return errors.Join(err, stream.Close())
}

// commit makes ref of the container as it is now.
func (w *workshop) commit(ctx context.Context, ref string) error {
	_, err := w.b.Engine.Client().ContainerCommit(ctx, w.id, client.ContainerCommitOptions{
		Reference: ref,
		Changes: []string{
			`ENTRYPOINT ["/usr/local/bin/entrypoint", "/sbin/init"]`, `CMD []`, `ENV container=docker`,
			`STOPSIGNAL SIGRTMIN+3`, `LABEL greenbox.build=`,
		},
		Config: &container.Config{Entrypoint: []string{"/usr/local/bin/entrypoint", "/sbin/init"}, StopSignal: "SIGRTMIN+3", Env: []string{"container=docker"}},
	})
	if err != nil {
		return fmt.Errorf("commit %s: %w", ref, err)
	}
	return nil
}

func (b *Builder) exists(ctx context.Context, ref string) bool {
	_, err := b.Engine.Client().ImageInspect(ctx, ref)
	return err == nil
}

// addFile writes one file to an archive.
func addFile(t *tar.Writer, name string, mode int64, content []byte) error {
	if err := t.WriteHeader(&tar.Header{Name: name, Mode: mode, Size: int64(len(content))}); err != nil {
		return err
	}
	_, err := t.Write(content)
	return err
}

// addTree writes the regular files below dir to an archive, under prefix.
func addTree(t *tar.Writer, dir, prefix string, mode int64) error {
	return filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
		if err != nil || !d.Type().IsRegular() {
			return err
		}
		rel, err := filepath.Rel(dir, path)
		if err != nil {
			return err
		}
		content, err := os.ReadFile(path) //nolint:gosec // below a folder of ours
		if err != nil {
			return err
		}
		return addFile(t, filepath.Join(prefix, rel), mode, content)
	})
}
