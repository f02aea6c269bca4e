package main

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/greenbox-lab/greenbox/sandbox/engine"
	"golang.org/x/sync/errgroup"
)

// offlineCgroup is where the second engine of testdata/offline.sh puts its containers.
const offlineCgroup = "greenbox-offline"

// TestIntegrationABundleNeedsNoNetwork makes a bundle and brings up from it, on a
// machine with Debian's base system and a loopback interface only, an engine, a
// server and a cluster.
func TestIntegrationABundleNeedsNoNetwork(t *testing.T) {
	suite, mirror := debianHere(t)
	binary, bundle, machine := buildBinary(t), filepath.Join(t.TempDir(), "bundle"), filepath.Join(t.TempDir(), "machine")
	ctx, cancel := context.WithTimeout(t.Context(), 15*time.Minute)
	defer cancel()
	t.Cleanup(func() { removeCgroups(t) }) // of a run that was killed, too

	both, bothCtx := errgroup.WithContext(ctx)
	both.Go(func() error {
		_, err := ends(bothCtx, "unshare", "--mount", "--pid", "--fork", "--kill-child", "bash", "testdata/offline.sh", "make", machine, bundle, suite, mirror)
		return err
	})
	both.Go(func() error {
		if _, err := ends(bothCtx, binary, "bundle", bundle); err != nil {
			return err
		}
		said, err := ends(bothCtx, binary, "bundle", bundle)
		if err == nil && !strings.Contains(said, "there already") {
			err = fmt.Errorf("a second time, the bundle was written anew:\n%s", said)
		}
		return err
	})
	if err := both.Wait(); err != nil {
		t.Fatal(err)
	}

	said, err := ends(ctx, "unshare", "--net", "--mount", "--pid", "--fork", "--kill-child", "bash", "testdata/offline.sh", "serve", machine, bundle)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff([]string{"alone", "serving", "ready"}, regexp.MustCompile(`(?m)^[a-z]+$`).FindAllString(said, -1)); diff != "" {
		t.Errorf("%s\n%s", diff, said)
	}
	if left, err := os.ReadDir(machine); err != nil || len(left) != 0 {
		t.Errorf("left of the machine: %v, %v", left, err)
	}
}

// debianHere is the release of this machine and where its packages come from, for
// another machine of the same kind.
func debianHere(t *testing.T) (suite, mirror string) {
	t.Helper()
	if testing.Short() {
		t.Skip("needs an engine and the node image")
	}
	text, err := os.ReadFile("/etc/os-release")
	if err != nil {
		t.Fatal(err)
	}
	found := regexp.MustCompile(`(?m)^VERSION_CODENAME="?([a-z]+)`).FindSubmatch(text)
	if found == nil || !regexp.MustCompile(`(?m)^ID="?debian"?$`).Match(text) {
		t.Fatal("make test runs on Debian")
	}
	mirror, ok := engine.DebianMirror(string(found[1]))
	if !ok {
		t.Fatalf("apt names no mirror of %s: add one to /etc/apt", found[1])
	}
	return string(found[1]), mirror
}

// ends runs a command, whose end is the end of all that it started.
func ends(ctx context.Context, argv ...string) (said string, err error) {
	cmd := exec.CommandContext(ctx, argv[0], argv[1:]...)
	log := &lockedBuffer{}
	cmd.Stdout, cmd.Stderr = log, log
	cmd.SysProcAttr = &syscall.SysProcAttr{Pdeathsig: syscall.SIGKILL}
	cmd.WaitDelay = 30 * time.Second
	if err := cmd.Run(); err != nil {
		return "", fmt.Errorf("%s: %w\n%s", strings.Join(argv, " "), errors.Join(err, ctx.Err()), log.tail())
	}
	log.mu.Lock()
	defer log.mu.Unlock()
	return log.buf.String(), nil
}

// removeCgroups removes what the namespaces cannot take with them. A cgroup goes
// only when no process is left in it.
func removeCgroups(t *testing.T) {
	t.Helper()
	var err error
	for deadline := time.Now().Add(time.Minute); time.Now().Before(deadline); time.Sleep(200 * time.Millisecond) {
		if err = tryRemoveCgroups(); err == nil {
			return
		}
	}
	t.Errorf("cgroups of the second engine are left: %v", err)
}

func tryRemoveCgroups() error {
	tops, err := filepath.Glob("/sys/fs/cgroup/*/" + offlineCgroup)
	errs := []error{err}
	for _, top := range append(tops, "/sys/fs/cgroup/"+offlineCgroup) {
		var dirs []string
		_ = filepath.WalkDir(top, func(path string, d fs.DirEntry, err error) error { // what cannot be read is gone, or is not removed below
			if err == nil && d.IsDir() {
				dirs = append(dirs, path)
			}
			return nil
		})
		for _, dir := range slices.Backward(dirs) { // the innermost first
			if err := os.Remove(dir); !errors.Is(err, fs.ErrNotExist) {
				errs = append(errs, err)
			}
		}
	}
	return errors.Join(errs...)
}
