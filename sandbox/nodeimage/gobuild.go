package nodeimage

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"golang.org/x/mod/modfile"
)

// buildProgram returns the folder with p's binaries, building them unless an
// earlier build of the same inputs left them in the cache.
func (b *Builder) buildProgram(ctx context.Context, p program) (string, error) {
	main := map[string]string{}
	if p.main != "" {
		main["main.go"] = embedded("source/" + p.main)
	}
	mod := fmt.Sprintf("module greenbox.build/%s\n\ngo 1.26.0\n\nrequire %s %s\n", filepath.Base(p.module), p.module, p.version)
	key := digest(mod, main["main.go"], p.tags, p.variable, fmt.Sprint(p.cgo), fmt.Sprint(p.packages))
	return b.cached("bin-"+filepath.Base(p.module)+"-"+key, func(out string) error {
		work, err := b.module(mod, main)
		if err != nil {
			return err
		}
		defer os.RemoveAll(work)
		for _, name := range slices.Sorted(maps.Keys(p.packages)) {
			b.Report("building " + name + " " + p.version)
			ldflags := "-s -w"
			if p.variable != "" {
				ldflags += " -X " + p.variable + "=" + p.version
			}
			env := []string{"CGO_ENABLED=0"}
			if p.cgo {
				ldflags += " -extldflags -static"
				env = []string{"CGO_ENABLED=1"}
			}
			err := b.goBuild(ctx, work, env, "-mod=mod", "-trimpath", "-tags", p.tags,
				"-ldflags", ldflags, "-o", filepath.Join(out, name), p.packages[name])
			if err != nil {
				return err
			}
		}
		return nil
	})
}

// buildKubernetes returns the folder with the binaries kube and kubectl.
func (b *Builder) buildKubernetes(ctx context.Context) (string, error) {
	mains := map[string]string{"main.go": embedded("source/kube.go.txt"), "kubectl/main.go": embedded("source/kubectl.go.txt")}
	key := digest(kubernetesVersion, stagingVersion, fmt.Sprint(mains))
	return b.cached("bin-kubernetes-"+key, func(out string) error {
		b.Report("building Kubernetes " + kubernetesVersion + " (the longest step: about ten minutes the first time)")
		mod, err := kubernetesModule(ctx)
		if err != nil {
			return err
		}
		work, err := b.module(mod, mains)
		if err != nil {
			return err
		}
		defer os.RemoveAll(work)
		if err := run(ctx, work, nil, "go", "mod", "tidy"); err != nil {
			return err
		}
		version := "k8s.io/component-base/version"
		major, minor, _ := strings.Cut(strings.TrimPrefix(kubernetesVersion, "v"), ".")
		minor, _, _ = strings.Cut(minor, ".")
		ldflags := fmt.Sprintf("-s -w -X %[1]s.gitVersion=%[2]s -X %[1]s.gitMajor=%[3]s -X %[1]s.gitMinor=%[4]s -X %[1]s.gitTreeState=clean",
			version, kubernetesVersion, major, minor)
		return b.goBuild(ctx, work, []string{"CGO_ENABLED=0"}, "-trimpath", "-ldflags", ldflags, "-o", out, ".", "./kubectl")
	})
}

// goBuild runs go build and tells now and then how many packages it has compiled.
func (b *Builder) goBuild(ctx context.Context, work string, env []string, args ...string) error {
	compiled := &lineCount{}
	done := make(chan struct{})
	var told sync.WaitGroup
	told.Go(func() {
		for tick := time.NewTicker(20 * time.Second); ; {
			select {
			case <-done:
				tick.Stop()
				return
			case <-tick.C:
				b.Report(fmt.Sprintf("  %d packages compiled so far", compiled.lines.Load()))
			}
		}
	})
	_, err := command(ctx, work, env, compiled, append([]string{"go", "build", "-v"}, args...)...)
	close(done)
	told.Wait()
	return err
}

// lineCount counts the lines written to it.
type lineCount struct{ lines atomic.Int64 }

func (c *lineCount) Write(p []byte) (int, error) {
	c.lines.Add(int64(bytes.Count(p, []byte("\n"))))
	return len(p), nil
}

// kubernetesModule is a go.mod that replaces each of the modules that
// Kubernetes' own go.mod takes from its staging folder by its released version.
func kubernetesModule(ctx context.Context) (string, error) {
	dir, err := moduleDir(ctx, "k8s.io/kubernetes@"+kubernetesVersion)
	if err != nil {
		return "", err
	}
	file := filepath.Join(dir, "go.mod")
	raw, err := os.ReadFile(file) //nolint:gosec // a path the go command gave
	if err != nil {
		return "", err
	}
	parsed, err := modfile.Parse(file, raw, nil)
	if err != nil {
		return "", err
	}
	var mod strings.Builder
	fmt.Fprintf(&mod, "module greenbox.build/kube\n\ngo 1.26.0\n\nrequire k8s.io/kubernetes %s\n\nreplace (\n", kubernetesVersion)
	for _, r := range parsed.Replace {
		if strings.HasPrefix(r.New.Path, "./staging/") {
			fmt.Fprintf(&mod, "\t%[1]s => %[1]s %[2]s\n", r.Old.Path, stagingVersion)
		}
	}
	mod.WriteString(")\n")
	return mod.String(), nil
}

// moduleDir downloads a module and returns where its files lie.
func moduleDir(ctx context.Context, module string) (string, error) {
	out, err := output(ctx, os.TempDir(), nil, "go", "mod", "download", "-json", module)
	if err != nil {
		return "", err
	}
	var got struct{ Dir string }
	if err := json.Unmarshal(out, &got); err != nil {
		return "", fmt.Errorf("go mod download %s: %w", module, err)
	}
	return got.Dir, nil
}

// module makes a folder with a go.mod and those files. The caller removes it.
func (b *Builder) module(mod string, files map[string]string) (string, error) {
	dir, err := os.MkdirTemp(b.Cache, "module-*")
	if err != nil {
		return "", err
	}
	files = maps.Clone(files)
	files["go.mod"] = mod
	for name, content := range files {
		path := filepath.Join(dir, name)
		if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
			return "", err
		}
		if err := os.WriteFile(path, []byte(content), 0o600); err != nil {
			return "", err
		}
	}
	return dir, nil
}
