package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/greenbox-lab/greenbox/sandbox/engine"
	"github.com/greenbox-lab/greenbox/sandbox/nodeimage"
)

// TestIntegrationComposeServes brings the server up by docker-compose.yml, on the
// node image as its base, and lets it make a cluster.
func TestIntegrationComposeServes(t *testing.T) {
	if testing.Short() {
		t.Skip("needs an engine and the node image")
	}
	e, err := engine.Open(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	defer e.Close()
	base, err := nodeimage.Present(t.Context(), e)
	if err != nil {
		t.Fatal(err)
	}
	c := compose{t: t, dir: composeFolder(t), addr: freeAddr(t)}
	_, port, _ := strings.Cut(c.addr, ":")
	c.env = append(os.Environ(), "BASE_IMAGE="+base, "GREENBOX_TAG=test", "GREENBOX_POOL=0", "GREENBOX_PORT="+port, "COMPOSE_PROJECT_NAME=greenbox-test-"+port)
	t.Cleanup(c.down)
	c.run("up", "--build", "--detach", "--quiet-pull")
	c.eventually(time.Minute, "the server answers", func() error {
		_, err := c.get("/readyz")
		return err
	})
	c.eventually(3*time.Minute, "a cluster is made", func() error {
		body, err := c.request(http.MethodPost, "/api/v1/labs/delete-static-pod/sessions")
		if err == nil && !strings.Contains(body, `"state":"ready"`) {
			err = errors.New(body)
		}
		if strings.Contains(body, `"failed"`) {
			t.Fatal(body)
		}
		return err
	})
}

// compose is one Compose project of a copy of docker-compose.yml.
type compose struct {
	t    *testing.T
	dir  string
	addr string
	env  []string
}

// composeFolder has docker-compose.yml and beside it bin/ with the static binary
// and the docker command, which the node image lacks.
func composeFolder(t *testing.T) string {
	t.Helper()
	dir := t.TempDir()
	file, err := os.ReadFile(filepath.Join("..", "..", "docker-compose.yml"))
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(dir, "docker-compose.yml"), file, 0o600); err != nil {
		t.Fatal(err)
	}
	script := `mkdir -p "$1/bin" && CGO_ENABLED=0 go build -trimpath -ldflags "-s -w" -o "$1/bin/greenbox" . && cp "$(command -v docker)" "$1/bin/docker"`
	if out, err := exec.CommandContext(t.Context(), "bash", "-c", script, "bash", dir).CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	return dir
}

func (c compose) command(ctx context.Context, args ...string) ([]byte, error) {
	cmd := exec.CommandContext(ctx, "docker", append([]string{"compose"}, args...)...)
	cmd.Dir, cmd.Env = c.dir, c.env
	return cmd.CombinedOutput()
}

func (c compose) run(args ...string) {
	c.t.Helper()
	ctx, cancel := context.WithTimeout(c.t.Context(), 5*time.Minute)
	defer cancel()
	if out, err := c.command(ctx, args...); err != nil {
		c.t.Fatalf("docker compose %s: %v\n%s", args[0], err, out)
	}
}

// down removes the cluster with the server's own command, then the project.
func (c compose) down() {
	ctx, cancel := context.WithTimeout(context.Background(), 5*time.Minute)
	defer cancel()
	for _, args := range [][]string{
		{"stop"},
		{"run", "--rm", "greenbox", "down", "--yes"},
		{"down", "--volumes", "--rmi", "all"},
	} {
		if out, err := c.command(ctx, args...); err != nil {
			c.t.Errorf("docker compose %s: %v\n%s", args[0], err, out)
		}
	}
}

func (c compose) get(path string) (string, error) { return c.request(http.MethodGet, path) }

func (c compose) request(method, path string) (string, error) {
	req, err := http.NewRequestWithContext(c.t.Context(), method, "http://"+c.addr+path, nil)
	if err != nil {
		return "", err
	}
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		return "", err
	}
	defer resp.Body.Close()
	body, err := io.ReadAll(resp.Body)
	if err == nil && resp.StatusCode >= 300 {
		err = fmt.Errorf("status %d: %s", resp.StatusCode, body)
	}
	return string(body), err
}

func (c compose) eventually(limit time.Duration, what string, ask func() error) {
	c.t.Helper()
	deadline := time.Now().Add(limit)
	for {
		err := ask()
		if err == nil {
			return
		}
		if time.Now().After(deadline) {
			out, _ := c.command(context.Background(), "logs", "--tail=30") // to help with the error
			c.t.Fatalf("%s: not within %s: %v\n%s", what, limit, err, out)
		}
		time.Sleep(500 * time.Millisecond)
	}
}
