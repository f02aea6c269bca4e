package mirror

import (
	"context"
	"encoding/json"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/google/go-containerregistry/pkg/name"
	v1 "github.com/google/go-containerregistry/pkg/v1"
	"github.com/google/go-containerregistry/pkg/v1/empty"
	oci "github.com/google/go-containerregistry/pkg/v1/layout"
	"github.com/google/go-containerregistry/pkg/v1/mutate"
	"github.com/google/go-containerregistry/pkg/v1/random"
	"github.com/google/go-containerregistry/pkg/v1/remote"
	"github.com/google/go-containerregistry/pkg/v1/validate"
)

// bake writes a layout with the image nginx:latest and the two-platform
// multi:1.0, and returns the digests.
func bake(t *testing.T) (dir string, image, index v1.Hash) {
	t.Helper()
	dir = t.TempDir()
	path, err := oci.Write(dir, empty.Index)
	must(t, err)
	single, err := random.Image(4096, 3)
	must(t, err)
	must(t, path.AppendImage(single, oci.WithAnnotations(map[string]string{refName: "docker.io/library/nginx:latest"})))
	other, err := random.Image(2048, 1)
	must(t, err)
	multi := mutate.AppendManifests(empty.Index,
		mutate.IndexAddendum{Add: single, Descriptor: v1.Descriptor{Platform: &v1.Platform{OS: "linux", Architecture: "amd64"}}},
		mutate.IndexAddendum{Add: other, Descriptor: v1.Descriptor{Platform: &v1.Platform{OS: "linux", Architecture: "arm64"}}})
	must(t, path.AppendIndex(multi, oci.WithAnnotations(map[string]string{refName: "docker.io/library/multi:1.0"})))
	image, err = single.Digest()
	must(t, err)
	index, err = multi.Digest()
	must(t, err)
	return dir, image, index
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func TestARegistryClientPullsWhatIsBaked(t *testing.T) {
	dir, image, index := bake(t)
	server := httptest.NewServer(Handler(dir))
	defer server.Close()
	host := strings.TrimPrefix(server.URL, "http://")
	for _, row := range []struct{ name, ref, want string }{
		{"by tag", "library/nginx:latest", image.String()},
		{"by digest", "library/nginx@" + image.String(), image.String()},
		{"for its platform, out of an index", "library/multi:1.0", image.String()},
		{"out of an index by digest", "library/multi@" + index.String(), image.String()},
	} {
		t.Run(row.name, func(t *testing.T) {
			ref, err := name.ParseReference(host+"/"+row.ref, name.Insecure)
			must(t, err)
			_, err = remote.Head(ref, remote.WithContext(t.Context()))
			must(t, err)
			pulled, err := remote.Image(ref, remote.WithContext(t.Context()))
			must(t, err)
			must(t, validate.Image(pulled))
			if digest, err := pulled.Digest(); err != nil || digest.String() != row.want {
				t.Errorf("pulled %v, %v", digest, err)
			}
		})
	}
}

func TestAnswers(t *testing.T) {
	dir, image, index := bake(t)
	const (
		ociImage = "application/vnd.docker.distribution.manifest.v2+json"
		ociIndex = "application/vnd.oci.image.index.v1+json"
		problem  = "application/json"
	)
	missing := "sha256:" + strings.Repeat("0", 64)
	for _, row := range []struct {
		name, method, path string
		status             int
		content, digest    string
		code               string
	}{
		{"the protocol is announced", "GET", "/v2/", 200, problem, "", ""},
		{"a manifest is found as containerd asks for it", "HEAD", "/v2/library/nginx/manifests/latest?ns=docker.io", 200, ociImage, image.String(), ""},
		{"an index says that it is one", "GET", "/v2/library/multi/manifests/1.0", 200, ociIndex, index.String(), ""},
		{"a manifest is also a blob", "HEAD", "/v2/library/nginx/blobs/" + image.String(), 200, "application/octet-stream", image.String(), ""},
		{"another registry's image of that name is not ours", "GET", "/v2/library/nginx/manifests/latest?ns=quay.io", 404, problem, "", "MANIFEST_UNKNOWN"},
		{"another tag is missing", "GET", "/v2/library/nginx/manifests/1.14.2", 404, problem, "", "MANIFEST_UNKNOWN"},
		{"an unknown image is missing", "GET", "/v2/library/redis/manifests/latest", 404, problem, "", "MANIFEST_UNKNOWN"},
		{"an unknown digest is missing", "GET", "/v2/library/nginx/manifests/" + missing, 404, problem, "", "MANIFEST_UNKNOWN"},
		{"an unknown blob is missing", "GET", "/v2/library/nginx/blobs/" + missing, 404, problem, "", "BLOB_UNKNOWN"},
		{"a path is no digest", "GET", "/v2/library/nginx/blobs/sha256:..%2F..%2Findex.json", 400, problem, "", "DIGEST_INVALID"},
		{"another path is missing", "GET", "/v2/library/nginx/tags/list", 404, problem, "", "NAME_UNKNOWN"},
		{"outside the protocol there is nothing", "GET", "/index.json", 404, problem, "", "NAME_UNKNOWN"},
		{"nothing can be pushed", "POST", "/v2/library/nginx/blobs/uploads/", 405, problem, "", "UNSUPPORTED"},
		{"nothing can be deleted", "DELETE", "/v2/library/nginx/manifests/latest", 405, problem, "", "UNSUPPORTED"},
	} {
		t.Run(row.name, func(t *testing.T) {
			answer := httptest.NewRecorder()
			Handler(dir).ServeHTTP(answer, httptest.NewRequest(row.method, row.path, nil))
			var body struct{ Errors []struct{ Code string } }
			if row.code != "" {
				must(t, json.Unmarshal(answer.Body.Bytes(), &body))
				body.Errors = append(body.Errors, struct{ Code string }{})
				if body.Errors[0].Code != row.code {
					t.Errorf("code %q", body.Errors[0].Code)
				}
			}
			got := answer.Header()
			if answer.Code != row.status || got.Get("Content-Type") != row.content || got.Get("Docker-Content-Digest") != row.digest {
				t.Errorf("%d %v %s", answer.Code, got, answer.Body)
			}
		})
	}
}

func TestNodeWithoutImagesAnswersThatThereAreNone(t *testing.T) {
	answer := httptest.NewRecorder()
	Handler(t.TempDir()).ServeHTTP(answer, httptest.NewRequest("GET", "/v2/library/nginx/manifests/latest", nil))
	if answer.Code != http.StatusNotFound {
		t.Errorf("%d %s", answer.Code, answer.Body)
	}
}

func TestServeEndsWithItsContext(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	done := make(chan error, 1)
	free, err := net.Listen("tcp", "127.0.0.1:0")
	must(t, err)
	addr := free.Addr().String()
	must(t, free.Close())
	go func() { done <- Serve(ctx, Config{Dir: t.TempDir(), Addr: addr}) }()
	var answer *http.Response
	for range 200 {
		if answer, err = http.Get("http://" + addr + "/v2/"); err == nil {
			break
		}
		time.Sleep(10 * time.Millisecond)
	}
	must(t, err)
	body, err := io.ReadAll(answer.Body)
	must(t, err)
	must(t, answer.Body.Close())
	if string(body) != "{}" {
		t.Errorf("%s", body)
	}
	if err := Serve(t.Context(), Config{Addr: addr}); err == nil {
		t.Error("two registries listen on one port")
	}
	cancel()
	must(t, <-done)
}
