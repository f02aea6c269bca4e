package kind

import (
	"context"
	"log/slog"
	"net/netip"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/greenbox-lab/greenbox/labs"
	"github.com/greenbox-lab/greenbox/sandbox/cluster"
	"github.com/greenbox-lab/greenbox/sandbox/engine"
	"github.com/greenbox-lab/greenbox/sandbox/nodeimage"
)

// provider is a real one, of an instance of its own, that runs the real binary.
func provider(t *testing.T, image string) *Provider {
	t.Helper()
	if testing.Short() {
		t.Skip("needs an engine and the node image")
	}
	e, err := engine.Open(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = e.Close() })
	if image == "" {
		if image, err = nodeimage.Present(t.Context(), e); err != nil {
			t.Fatal(err)
		}
	}
	program := filepath.Join(t.TempDir(), "greenbox")
	build := exec.CommandContext(t.Context(), "go", "build", "-trimpath", "-ldflags", "-s -w", "-o", program, "../../cmd/greenbox")
	build.Env = append(os.Environ(), "CGO_ENABLED=0")
	if out, err := build.CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	p, err := New(t.Context(), Config{
		Engine: e, Instance: "test-" + strings.ToLower(t.Name()), Image: image, Program: program, Dir: t.TempDir(),
		Range: netip.MustParsePrefix("10.214.0.0/24"), Log: slog.New(slog.DiscardHandler),
	})
	if err != nil {
		t.Fatal(err)
	}
	return p
}

// nothingLeft fails when anything of the instance is still there.
func nothingLeft(t *testing.T, p *Provider, name string) {
	t.Helper()
	if left, err := p.List(t.Context()); err != nil || len(left) > 0 {
		t.Errorf("left on the engine: %v, %v", left, err)
	}
	if nodes, err := p.nodes(t.Context(), name); err != nil || len(nodes) > 0 {
		t.Errorf("containers left: %v, %v", nodes, err)
	}
	if volumes, err := p.volumesWith(t.Context(), labelCluster+"="+name); err != nil || len(volumes) > 0 {
		t.Errorf("volumes left: %v, %v", volumes, err)
	}
	if running, _ := exec.CommandContext(t.Context(), "pgrep", "-f", "--", "--name "+name).Output(); len(running) > 0 {
		t.Errorf("processes left: %s", running)
	}
	if _, err := os.Stat(filepath.Dir(p.kubeconfigPath(name))); err == nil {
		t.Error("the credentials' folder is left")
	}
}

func TestIntegrationCancelledCreateLeavesNothing(t *testing.T) {
	p := provider(t, "")
	for name, row := range map[string]struct {
		at    labs.Stage
		after time.Duration
	}{
		"greenbox-cancelled-at-once":    {labs.StageNodes, 0},
		"greenbox-cancelled-early":      {labs.StageNodes, 300 * time.Millisecond},
		"greenbox-cancelled-in-create":  {labs.StageNodes, time.Second},
		"greenbox-cancelled-in-kubeadm": {labs.StageControlPlane, 2 * time.Second},
	} {
		t.Run(name, func(t *testing.T) {
			ctx, cancel := context.WithCancel(t.Context())
			defer cancel()
			var seen []labs.Stage
			err := p.Create(ctx, name, cluster.Labels{Session: "s"}, func(s labs.Stage) {
				seen = append(seen, s)
				if s == row.at {
					time.AfterFunc(row.after, cancel)
				}
			})
			if err == nil || !slices.Contains(seen, row.at) {
				t.Errorf("created to the end, or not that far: %v, %v", seen, err)
			}
			nothingLeft(t, p, name)
		})
	}
}

func TestIntegrationFailedCreateSaysWhyAndLeavesNothing(t *testing.T) {
	if testing.Short() {
		t.Skip("needs an engine")
	}
	// An image that exists and is no node: its entrypoint ends at once.
	const image = "greenbox/not-a-node:test"
	pack := exec.CommandContext(t.Context(), "bash", "-c", `tar -C / -cf - --dereference bin/true | docker import --change 'ENTRYPOINT ["/bin/true"]' - `+image)
	if out, err := pack.CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	t.Cleanup(func() { _ = exec.CommandContext(context.Background(), "docker", "rmi", image).Run() }) // only tidiness
	p := provider(t, image)
	err := p.Create(t.Context(), "greenbox-failing", cluster.Labels{Session: "s"}, func(labs.Stage) {})
	if err == nil {
		t.Fatal("a cluster was made of nothing")
	}
	if message := err.Error(); strings.Contains(message, "\n") || !strings.Contains(message, "node logs: ") {
		t.Errorf("not one sentence with the place of the logs: %q", message)
	}
	nothingLeft(t, p, "greenbox-failing")
}
