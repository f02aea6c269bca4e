package kind

import (
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/greenbox-lab/greenbox/sandbox/cluster"
	"github.com/greenbox-lab/greenbox/sandbox/engine"
	"k8s.io/client-go/tools/clientcmd"
	"k8s.io/client-go/tools/clientcmd/api"
)

// nodeSays is what an engine says of every container.
type nodeSays struct {
	status         string
	started, ended time.Time
}

// onEngine is a provider whose engine says that of the nodes of the cluster demo, and
// whose API server is api.
func onEngine(t *testing.T, s nodeSays, api http.HandlerFunc) *Provider {
	t.Helper()
	docker := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		switch {
		case strings.HasSuffix(r.URL.Path, "/_ping"):
			w.Header().Set("Api-Version", "1.48")
		case strings.HasSuffix(r.URL.Path, "/json"):
			w.Header().Set("Content-Type", "application/json")
			fmt.Fprintf(w, `{"State":{"Status":%q,"StartedAt":%q,"FinishedAt":%q}}`,
				s.status, s.started.Format(time.RFC3339Nano), s.ended.Format(time.RFC3339Nano))
		case strings.HasSuffix(r.URL.Path, "/exec"):
			w.WriteHeader(http.StatusInternalServerError)
		default:
			w.WriteHeader(http.StatusNoContent)
		}
	}))
	t.Cleanup(docker.Close)
	t.Setenv("DOCKER_HOST", "tcp://"+strings.TrimPrefix(docker.URL, "http://"))
	e, err := engine.Open(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = e.Close() })
	p := &Provider{cfg: Config{Engine: e, Dir: t.TempDir()}}
	saveKubeconfig(t, p, api)
	return p
}

func saveKubeconfig(t *testing.T, p *Provider, handle http.HandlerFunc) {
	t.Helper()
	server := httptest.NewServer(handle)
	t.Cleanup(server.Close)
	config := api.NewConfig()
	config.Clusters["c"] = &api.Cluster{Server: server.URL}
	config.Contexts["c"] = &api.Context{Cluster: "c"}
	config.CurrentContext = "c"
	if err := errors.Join(os.MkdirAll(filepath.Dir(p.kubeconfigPath("demo")), 0o700), clientcmd.WriteToFile(*config, p.kubeconfigPath("demo"))); err != nil {
		t.Fatal(err)
	}
}

func TestResumeLooksWhetherTheClusterIsWhole(t *testing.T) {
	now := time.Now()
	restarted := nodeSays{"running", now.Add(-time.Second), now.Add(-time.Minute)}
	silent := func(int) (time.Time, bool) { return time.Time{}, false }
	made := func(at time.Time) func(int) (time.Time, bool) { return func(int) (time.Time, bool) { return at, true } }
	for name, row := range map[string]struct {
		nodes   nodeSays
		system  func(asked int) (created time.Time, answers bool) // the namespace kube-system
		damaged bool
	}{
		"unpaused nodes are back, though the API server is silent": {nodeSays{"paused", now.Add(-time.Hour), time.Time{}}, silent, false},
		"one that began anew when it was started again":            {restarted, made(now), true},
		"one that has all it had":                                  {restarted, made(now.Add(-time.Hour)), false},
		"one that never stopped is older than what is in it":       {nodeSays{"running", now.Add(-time.Hour), time.Time{}}, made(now), false},
		"one that does not say at first":                           {restarted, func(asked int) (time.Time, bool) { return now, asked != 2 }, true},
		"one that somebody else started, and that boots": {restarted, func(int) (time.Time, bool) {
			return now, time.Since(now) > wakeTimeout+time.Second
		}, true},
	} {
		t.Run(name, func(t *testing.T) {
			asked := 0
			p := onEngine(t, row.nodes, func(w http.ResponseWriter, r *http.Request) {
				asked++
				created, answers := row.system(asked)
				if !answers {
					w.WriteHeader(http.StatusInternalServerError)
					return
				}
				w.Header().Set("Content-Type", "application/json")
				fmt.Fprintf(w, `{"kind":"Namespace","apiVersion":"v1","metadata":{"name":"kube-system","creationTimestamp":%q}}`, created.UTC().Format(time.RFC3339))
			})
			if err := p.Resume(t.Context(), "demo"); err != nil && !row.damaged || errors.Is(err, cluster.ErrDamaged) != row.damaged {
				t.Errorf("got %v", err)
			}
		})
	}
}
