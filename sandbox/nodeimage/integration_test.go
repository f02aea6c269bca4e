package nodeimage

import (
	"context"
	"os/exec"
	"strings"
	"testing"
	"time"

	"github.com/greenbox-lab/greenbox/sandbox/engine"
)

// present returns the engine and the node image that is there.
func present(t *testing.T) (*engine.Engine, string) {
	t.Helper()
	if testing.Short() {
		t.Skip("needs an engine and the node image")
	}
	e, err := engine.Open(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = e.Close() })
	ref, err := Present(t.Context(), e)
	if err != nil {
		t.Fatal(err)
	}
	return e, ref
}

func docker(t *testing.T, args ...string) string {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	out, err := exec.CommandContext(ctx, "docker", args...).CombinedOutput()
	if err != nil {
		t.Fatalf("docker %s: %v\n%s", args[0], err, out)
	}
	return strings.TrimSpace(string(out))
}

func TestIntegrationImageHasWhatLabsNeed(t *testing.T) {
	_, ref := present(t)
	for _, program := range []string{
		"sshd", "ssh", "sudo", "vim", "nano", "less", "jq", "curl", "tmux", "crictl", "ps", "arp", "ip", "ping",
		"kubectl", "kubeadm", "kubelet", "containerd", "runc", "iptables",
	} {
		if found := docker(t, "run", "--rm", "--network", "none", "--entrypoint", "bash", ref, "-c", "PATH=$PATH:/usr/sbin; command -v "+program); found == "" {
			t.Errorf("no %s", program)
		}
	}
	inspect := docker(t, "image", "inspect", "--format", "{{json .Config.Volumes}} {{.Config.StopSignal}} {{.Config.Entrypoint}}", ref)
	if inspect != "null SIGRTMIN+3 [/usr/local/bin/entrypoint /sbin/init]" {
		t.Errorf("the image's configuration is %s", inspect)
	}
	keys := docker(t, "run", "--rm", "--network", "none", "--entrypoint", "bash", ref, "-c", "ls /etc/ssh/ssh_host_* /root/.ssh/* 2>/dev/null || true")
	if keys != "" {
		t.Errorf("keys that every cluster would share: %s", keys)
	}
}

func TestIntegrationSweepLeavesWhatRunsTheImage(t *testing.T) {
	e, ref := present(t)
	cluster := docker(t, "run", "--detach", "--network", "none", "--entrypoint", "sleep", ref, "60")
	build := docker(t, "run", "--detach", "--network", "none", "--label", buildLabel+"=1", "--entrypoint", "sleep", ref, "60")
	t.Cleanup(func() {
		_ = exec.CommandContext(context.Background(), "docker", "rm", "-f", "-v", cluster, build).Run()
	})
	b := &Builder{Engine: e, Report: func(string) {}}
	if err := b.sweep(t.Context()); err != nil {
		t.Fatal(err)
	}
	left := docker(t, "ps", "--all", "--quiet", "--no-trunc")
	if !strings.Contains(left, cluster) || strings.Contains(left, build) {
		t.Errorf("left: %s; wanted %s and not %s", left, cluster, build)
	}
}
