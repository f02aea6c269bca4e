package nodeimage

import (
	"archive/tar"
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"github.com/greenbox-lab/greenbox/sandbox/engine"
	"github.com/moby/moby/client"
	"golang.org/x/sync/errgroup"
)

// parts are what a base is put together from: folders in the cache.
type parts struct {
	kube     string            // folder with the binaries kube and kubectl
	bin      map[string]string // name of a binary -> its path
	rootfs   string            // archive of a Debian root filesystem
	proxy    string            // archive of the root filesystem below kube-proxy
	kindBase string            // kind's files of its own base image
}

// rootfsPackages is what kind's base image has, less network storage.
const rootfsPackages = "systemd,conntrack,iptables,nftables,iproute2,ethtool,util-linux,mount,kmod,libseccomp2,pigz,e2fsprogs,bash,ca-certificates,curl,jq,procps"

// proxyPackages is what kube-proxy calls.
const proxyPackages = "conntrack,iptables,nftables,ipset,kmod"

// buildBase makes kind's node from source and Debian packages. It returns the
// image's reference and the images that its containerd needs.
func (b *Builder) buildBase(ctx context.Context) (string, []archive, error) {
	if err := b.installBuildTools(ctx); err != nil {
		return "", nil, err
	}
	p, err := b.gather(ctx)
	if err != nil {
		return "", nil, err
	}
	images, err := kubernetesImages(ctx, p)
	if err != nil {
		return "", nil, err
	}
	ref, err := b.assemble(ctx, p)
	return ref, images, err
}

// gather builds and downloads all parts: the Go builds one after the other, the
// Debian packages beside them.
func (b *Builder) gather(ctx context.Context) (parts, error) {
	p := parts{bin: map[string]string{}}
	group, both := errgroup.WithContext(ctx)
	group.Go(func() (err error) {
		if p.kube, err = b.buildKubernetes(both); err != nil {
			return err
		}
		for _, program := range programs() {
			dir, err := b.buildProgram(both, program)
			if err != nil {
				return err
			}
			for name := range program.packages {
				p.bin[name] = filepath.Join(dir, name)
			}
		}
		return nil
	})
	group.Go(func() (err error) {
		if p.rootfs, err = b.debootstrap(both, rootfsPackages); err != nil {
			return err
		}
		p.proxy, err = b.debootstrap(both, proxyPackages)
		return err
	})
	if err := group.Wait(); err != nil {
		return parts{}, err
	}
	var err error
	p.kindBase, err = moduleDir(ctx, "sigs.k8s.io/kind@"+kindVersion)
	return p, err
}

// debootstrap returns the archive of a root filesystem with those packages.
func (b *Builder) debootstrap(ctx context.Context, packages string) (string, error) {
	mirror, ok := engine.DebianMirror(debianSuite)
	if !ok {
		return "", fmt.Errorf("apt on this machine has no mirror of Debian %s: build on Debian %s, or use --from pull", debianSuite, debianSuite)
	}
	dir, err := b.cached("rootfs-"+digest(debianSuite, packages), func(dir string) error {
		b.Report("root filesystem of Debian " + debianSuite)
		target := filepath.Join(dir, "root")
		if err := run(ctx, dir, nil, "debootstrap", "--variant=minbase", "--include="+packages, debianSuite, target, mirror); err != nil {
			return err
		}
		if err := run(ctx, dir, nil, "tar", "-C", target, "--numeric-owner", "--exclude=./var/cache/apt/*", "--exclude=./var/lib/apt/lists/*",
			"--exclude=./usr/share/doc/*", "--exclude=./usr/share/man/*", "--exclude=./usr/share/locale/*", "-cf", "rootfs.tar", "."); err != nil {
			return err
		}
		return os.RemoveAll(target)
	})
	return filepath.Join(dir, "rootfs.tar"), err
}

// assemble imports the root filesystem and puts binaries and kind's files on it.
func (b *Builder) assemble(ctx context.Context, p parts) (string, error) {
	ref := baseRef(Source)
	if b.exists(ctx, ref) {
		return ref, nil
	}
	b.Report("assembling the base")
	rootfs, err := os.Open(p.rootfs)
	if err != nil {
		return "", err
	}
	defer rootfs.Close()
	bare := "greenbox/node-rootfs:" + digest(p.rootfs)
	imported, err := b.Engine.Client().ImageImport(ctx, client.ImageImportSource{Source: rootfs, SourceName: "-"}, bare, client.ImageImportOptions{})
	if err != nil {
		return "", fmt.Errorf("import root filesystem: %w", err)
	}
	if err := drain(imported); err != nil {
		return "", fmt.Errorf("import root filesystem: %w", err)
	}
	w, err := b.open(ctx, bare)
	if err != nil {
		return "", err
	}
	defer w.close(ctx)
	if err := w.put(ctx, func(t *tar.Writer) error { return fillBase(t, p) }); err != nil {
		return "", fmt.Errorf("copy the binaries: %w", err)
	}
	if err := w.script(ctx, "/base.sh"); err != nil {
		return "", err
	}
	return ref, w.commit(ctx, ref)
}

func fillBase(t *tar.Writer, p parts) error {
	files := filepath.Join(p.kindBase, "images", "base", "files")
	if err := addTree(t, files, "", 0o644); err != nil {
		return err
	}
	targets := map[string]string{
		filepath.Join(p.kube, "kube"):    "usr/bin/kube",
		filepath.Join(p.kube, "kubectl"): "usr/bin/kubectl",
	}
	for name, path := range p.bin {
		switch name {
		case "runc":
			targets[path] = "usr/local/sbin/runc"
		case "ptp", "bridge", "loopback", "host-local", "portmap":
			targets[path] = "opt/cni/bin/" + name
		case "containerd", "containerd-shim-runc-v2", "ctr", "crictl":
			targets[path] = "usr/local/bin/" + name
		}
	}
	for from, to := range targets {
		content, err := os.ReadFile(from) //nolint:gosec // from our own cache
		if err != nil {
			return err
		}
		if err := addFile(t, to, 0o755, content); err != nil {
			return err
		}
	}
	if err := addFile(t, "kind/version", 0o644, []byte(kubernetesVersion)); err != nil {
		return err
	}
	return addFile(t, "base.sh", 0o755, []byte(embedded("source/base.sh")))
}

// installBuildTools brings what a build from source needs beside Go.
func (b *Builder) installBuildTools(ctx context.Context) error {
	needed := map[string]string{"debootstrap": "/usr/sbin/debootstrap", "gcc": "/usr/bin/gcc", "libc6-dev": "/usr/include/stdlib.h", "libseccomp-dev": "/usr/include/seccomp.h", "pkg-config": "/usr/bin/pkg-config"}
	var missing []string
	for name, path := range needed {
		if _, err := os.Stat(path); err != nil {
			missing = append(missing, name)
		}
	}
	if len(missing) == 0 {
		return nil
	}
	b.Report("installing " + strings.Join(missing, " "))
	apt := []string{"apt-get", "-o", "DPkg::Lock::Timeout=120"}
	env := []string{"DEBIAN_FRONTEND=noninteractive"}
	if err := run(ctx, "/", env, append(apt, "update")...); err != nil {
		return fmt.Errorf("building from source needs a Debian system with apt: %w", err)
	}
	return run(ctx, "/", env, append(append(apt, "install", "-y", "--no-install-recommends"), missing...)...)
}
