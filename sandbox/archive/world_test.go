package archive_test

import (
	"archive/tar"
	"bytes"
	"compress/gzip"
	"context"
	"errors"
	"fmt"
	"io"
	"maps"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/greenbox-lab/greenbox/labs"
	"github.com/greenbox-lab/greenbox/sandbox/archive"
	"k8s.io/client-go/rest"
)

const folder = "greenbox-pods-s1/"

type nodes = map[string]func(ctx context.Context, argv []string) (io.Reader, error)

// reach is a cluster whose nodes and API server say what a test wants.
type reach struct {
	nodes nodes
	api   string // its address
}

func (r reach) Dial(ctx context.Context, node string, argv []string) (io.ReadWriteCloser, error) {
	out, err := r.nodes[node](ctx, argv)
	if err != nil {
		return nil, err
	}
	return stream{out}, nil
}

func (r reach) Config(context.Context) (*rest.Config, error) { return &rest.Config{Host: r.api}, nil }

type stream struct{ io.Reader }

func (s stream) Write([]byte) (int, error) { return 0, errors.New("nothing is read") }

func (s stream) Close() error {
	if c, ok := s.Reader.(io.Closer); ok {
		return c.Close()
	}
	return nil
}

// says is a node that answers with these bytes.
func says(answer []byte) func(context.Context, []string) (io.Reader, error) {
	return func(context.Context, []string) (io.Reader, error) { return bytes.NewReader(answer), nil }
}

func silent(context.Context, []string) (io.Reader, error) {
	return nil, errors.New("it does not answer")
}

// runs is a node whose root is a folder: it runs what it is told to.
func runs(root string) func(context.Context, []string) (io.Reader, error) {
	return func(ctx context.Context, argv []string) (io.Reader, error) {
		out, err := exec.CommandContext(ctx, argv[0], append(argv[1:], "node", root)...).Output()
		return bytes.NewReader(out), err
	}
}

// tarOf is what a node sends that has these files, their names in order.
func tarOf(t *testing.T, files ...*tar.Header) []byte {
	t.Helper()
	var out bytes.Buffer
	w := tar.NewWriter(&out)
	for _, f := range files {
		f.Mode = 0o644
		must(t, w.WriteHeader(f))
		_, err := w.Write(bytes.Repeat([]byte("x"), int(f.Size)))
		must(t, err)
	}
	must(t, w.Close())
	return out.Bytes()
}

func whole(files []byte) []byte { return append(slices.Clip(files), "whole\n"...) }

// server is an API server with these objects, by path, as the items of their lists.
func server(t *testing.T, lists map[string]string) string {
	t.Helper()
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", "application/json")
		items, ok := lists[r.URL.Path]
		switch {
		case r.URL.Path == "/api":
			fmt.Fprint(w, `{"kind":"APIVersions","versions":["v1"]}`)
		case r.URL.Path == "/apis":
			fmt.Fprint(w, `{"kind":"APIGroupList","groups":[{"name":"apps","versions":[{"groupVersion":"apps/v1","version":"v1"}],"preferredVersion":{"groupVersion":"apps/v1","version":"v1"}}]}`)
		case r.URL.Path == "/api/v1":
			fmt.Fprint(w, `{"kind":"APIResourceList","groupVersion":"v1","resources":[`+resource("configmaps", "ConfigMap", true)+`,`+
				resource("services", "Service", true)+`,`+resource("pods", "Pod", true)+`,`+resource("events", "Event", true)+`,`+
				resource("serviceaccounts", "ServiceAccount", true)+`,`+
				resource("namespaces", "Namespace", false)+`,`+resource("nodes", "Node", false)+`,`+resource("persistentvolumes", "PersistentVolume", false)+`]}`)
		case r.URL.Path == "/apis/apps/v1":
			fmt.Fprint(w, `{"kind":"APIResourceList","groupVersion":"apps/v1","resources":[`+resource("deployments", "Deployment", true)+`]}`)
		case strings.HasPrefix(items, "!"):
			w.WriteHeader(http.StatusInternalServerError)
			fmt.Fprintf(w, `{"kind":"Status","apiVersion":"v1","status":"Failure","message":%q,"code":500}`, items)
		case strings.HasPrefix(items, "http"):
			http.Redirect(w, r, items, http.StatusFound)
		case ok, strings.HasPrefix(r.URL.Path, "/api"):
			fmt.Fprint(w, `{"kind":"List","apiVersion":"v1","metadata":{},"items":[`+items+`]}`)
		}
	}))
	t.Cleanup(s.Close)
	return s.URL
}

func resource(name, kind string, namespaced bool) string {
	return fmt.Sprintf(`{"name":%q,"kind":%q,"namespaced":%t,"verbs":["list"]}`, name, kind, namespaced)
}

func object(kind, namespace, name, more string) string {
	return fmt.Sprintf(`{"kind":%q,"apiVersion":"v1","metadata":{"namespace":%q,"name":%q%s}}`, kind, namespace, name, more)
}

func work(r reach) archive.Work {
	passed := labs.Passed
	return archive.Work{
		Session: labs.Session{ID: "s1", LabID: "pods", CreatedAt: time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC)},
		Steps:   []labs.StepVerdict{{StepID: "run", Verdict: &passed}, {StepID: "delete"}},
		Ended:   time.Date(2026, 1, 2, 5, 4, 5, 0, time.UTC), Reach: r,
	}
}

func newArchives(t *testing.T) (*archive.Archives, string) {
	t.Helper()
	dir := filepath.Join(t.TempDir(), "archives")
	a, err := archive.New(dir)
	must(t, err)
	return a, dir
}

// content is what is in a session's archive, by name.
func content(t *testing.T, a *archive.Archives, id string) map[string]string {
	t.Helper()
	file, err := a.Open(id)
	must(t, err)
	defer file.Close()
	plain, err := gzip.NewReader(file)
	must(t, err)
	found := map[string]string{}
	for in := tar.NewReader(plain); ; {
		header, err := in.Next()
		if errors.Is(err, io.EOF) {
			return found
		}
		must(t, err)
		name, ok := strings.CutPrefix(header.Name, folder)
		if _, twice := found[name]; !ok || twice || header.Typeflag != tar.TypeReg {
			t.Errorf("the archive has %q of type %c, twice: %t", header.Name, header.Typeflag, twice)
		}
		data, err := io.ReadAll(in)
		must(t, err)
		found[name] = string(data)
	}
}

func names(found map[string]string) []string { return slices.Sorted(maps.Keys(found)) }

func files(t *testing.T, dir string) []string {
	t.Helper()
	entries, err := os.ReadDir(dir)
	must(t, err)
	var list []string
	for _, e := range entries {
		list = append(list, e.Name())
	}
	return list
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}
