package engine

import (
	"archive/tar"
	"bytes"
	"context"
	"crypto/rand"
	"fmt"
	"io"
	"strings"
	"time"

	"github.com/moby/moby/api/types/container"
	"github.com/moby/moby/client"
)

const (
	probeTimeout   = 30 * time.Second
	cleanupTimeout = 10 * time.Second
	probePath      = "probe"
)

// Probe runs a privileged container, set up as kind sets up a node, and returns
// why it could not. It needs no image and leaves none behind.
func Probe(ctx context.Context, e *Engine) error {
	ctx, cancel := context.WithTimeout(ctx, probeTimeout)
	defer cancel()
	info, err := e.client.Info(ctx, client.InfoOptions{})
	if err != nil {
		return fmt.Errorf("ask the engine for its architecture: %w", err)
	}
	image := "greenbox-probe:" + strings.ToLower(rand.Text())
	if err := e.importProbe(ctx, image, goArch(info.Info.Architecture)); err != nil {
		return err
	}
	defer e.cleanup(ctx, func(ctx context.Context) {
		_, _ = e.client.ImageRemove(ctx, image, client.ImageRemoveOptions{Force: true}) // 200 bytes that stay otherwise
	})
	return e.runProbe(ctx, image)
}

// goArch gives the Go name of a machine as uname names it.
func goArch(machine string) string {
	switch machine {
	case "x86_64":
		return "amd64"
	case "aarch64":
		return "arm64"
	}
	return machine
}

func (e *Engine) importProbe(ctx context.Context, image, arch string) error {
	binary, err := program(arch)
	if err != nil {
		return err
	}
	var layer bytes.Buffer
	tw := tar.NewWriter(&layer)
	if err := tw.WriteHeader(&tar.Header{Name: probePath, Mode: 0o755, Size: int64(len(binary))}); err != nil {
		return fmt.Errorf("pack probe: %w", err)
	}
	_, err = tw.Write(binary)
	if err == nil {
		err = tw.Close()
	}
	if err != nil {
		return fmt.Errorf("pack probe: %w", err)
	}
	res, err := e.client.ImageImport(ctx, client.ImageImportSource{Source: &layer, SourceName: "-"}, image, client.ImageImportOptions{})
	if err != nil {
		return fmt.Errorf("import probe image: %w", err)
	}
	defer res.Close()
	if _, err := io.Copy(io.Discard, res); err != nil {
		return fmt.Errorf("import probe image: %w", err)
	}
	return nil
}

func (e *Engine) runProbe(ctx context.Context, image string) error {
	made, err := e.client.ContainerCreate(ctx, client.ContainerCreateOptions{
		Config: &container.Config{Image: image, Cmd: []string{"/" + probePath}},
		HostConfig: &container.HostConfig{
			Privileged: true, CgroupnsMode: container.CgroupnsModePrivate,
			NetworkMode: "none", Tmpfs: map[string]string{"/run": ""},
		},
	})
	if err != nil {
		return fmt.Errorf("create privileged container: %w", err)
	}
	defer e.cleanup(ctx, func(ctx context.Context) {
		_, _ = e.client.ContainerRemove(ctx, made.ID, client.ContainerRemoveOptions{Force: true, RemoveVolumes: true}) // stopped, and harmless
	})
	wait := e.client.ContainerWait(ctx, made.ID, client.ContainerWaitOptions{Condition: container.WaitConditionNextExit})
	if _, err := e.client.ContainerStart(ctx, made.ID, client.ContainerStartOptions{}); err != nil {
		return fmt.Errorf("start privileged container: %w", err)
	}
	select {
	case res := <-wait.Result:
		if res.StatusCode != 0 {
			return fmt.Errorf("privileged container ended with exit code %d", res.StatusCode)
		}
		return nil
	case err := <-wait.Error:
		return fmt.Errorf("wait for privileged container: %w", err)
	}
}

// cleanup calls f with a context that outlives a cancelled ctx for a while.
func (e *Engine) cleanup(ctx context.Context, f func(context.Context)) {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), cleanupTimeout)
	defer cancel()
	f(ctx)
}
