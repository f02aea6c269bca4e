package nodeimage

import (
	"context"
	"io"
	"log"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/google/go-containerregistry/pkg/name"
	"github.com/google/go-containerregistry/pkg/registry"
	v1 "github.com/google/go-containerregistry/pkg/v1"
	"github.com/google/go-containerregistry/pkg/v1/random"
	"github.com/google/go-containerregistry/pkg/v1/remote"
)

// pushed puts a random image into a new in-memory registry behind wrap, and
// returns its pinned reference.
func pushed(t *testing.T, wrap func(http.Handler) http.Handler) (ref string, image v1.Image) {
	t.Helper()
	reg := registry.New(quiet)
	open := httptest.NewServer(reg)
	t.Cleanup(open.Close)
	image, err := random.Image(1<<10, 2)
	if err != nil {
		t.Fatal(err)
	}
	digest, err := image.Digest()
	if err != nil {
		t.Fatal(err)
	}
	tag, err := name.NewTag(host(t, open) + "/kindest/node:v1")
	if err != nil {
		t.Fatal(err)
	}
	if err := remote.Write(tag, image); err != nil {
		t.Fatal(err)
	}
	server := httptest.NewServer(wrap(reg))
	t.Cleanup(server.Close)
	return host(t, server) + "/kindest/node:v1@" + digest.String(), image
}

func host(t *testing.T, s *httptest.Server) string {
	t.Helper()
	u, err := url.Parse(s.URL)
	if err != nil {
		t.Fatal(err)
	}
	return u.Host
}

func TestRegistryInReach(t *testing.T) {
	hang := make(chan struct{})
	defer close(hang)
	for name, row := range map[string]struct {
		wrap    func(http.Handler) http.Handler
		inReach bool
	}{
		"a registry that answers is in reach":                      {func(h http.Handler) http.Handler { return h }, true},
		"a registry that refuses is not":                           {func(http.Handler) http.Handler { return http.HandlerFunc(forbid) }, false},
		"a registry that hangs is not, and is not waited for long": {func(http.Handler) http.Handler { return hanging(hang) }, false},
		"a registry without the image is not":                      {func(http.Handler) http.Handler { return registry.New(quiet) }, false},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			ref, _ := pushed(t, row.wrap)
			began := time.Now()
			err := reachable(t.Context(), ref)
			if (err == nil) != row.inReach {
				t.Errorf("reachable: %v, want in reach: %t", err, row.inReach)
			}
			if took := time.Since(began); took > answerTime+5*time.Second {
				t.Errorf("deciding took %s", took)
			}
		})
	}
}

func forbid(w http.ResponseWriter, _ *http.Request) { http.Error(w, "no", http.StatusForbidden) }

func hanging(until chan struct{}) http.Handler {
	return http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		select {
		case <-until:
		case <-r.Context().Done():
		}
	})
}

func TestFetchTakesOnlyWhatTheDigestNames(t *testing.T) {
	ref, want := pushed(t, func(h http.Handler) http.Handler { return h })
	got, err := fetch(t.Context(), ref)
	if err != nil {
		t.Fatal(err)
	}
	wantDigest, err := want.Digest()
	if err != nil {
		t.Fatal(err)
	}
	if d, err := got.Digest(); err != nil || d != wantDigest {
		t.Errorf("digest %v, %v, want %v", d, err, wantDigest)
	}
}

func TestFetchRefusesAnotherManifestUnderThatDigest(t *testing.T) {
	var other string
	ref, _ := pushed(t, func(h http.Handler) http.Handler {
		return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			if strings.Contains(r.URL.Path, "/manifests/sha256:") {
				r.URL.Path = "/v2/kindest/node/manifests/" + other
			}
			h.ServeHTTP(w, r)
		})
	})
	at, err := name.NewDigest(ref)
	if err != nil {
		t.Fatal(err)
	}
	forged, err := random.Image(1<<10, 1)
	if err != nil {
		t.Fatal(err)
	}
	if err := remote.Write(at.Context().Tag("forged"), forged); err != nil {
		t.Fatal(err)
	}
	other = "forged"
	if _, err := fetch(t.Context(), ref); err == nil {
		t.Error("a manifest that does not match its digest was taken")
	}
}

func TestAutoTakesNoRegistryThatTheCallerDoesNotWaitFor(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if err := reachable(ctx, kindest); err == nil {
		t.Error("a cancelled question was answered")
	}
}

func TestReferences(t *testing.T) {
	for name, row := range map[string]struct {
		from   From
		prefix string
	}{
		"a pulled image names the Kubernetes version it has": {Pull, "greenbox/node:v1.37.0-pull-"},
		"a built image names the Kubernetes version it has":  {Source, "greenbox/node:" + kubernetesVersion + "-source-"},
	} {
		t.Run(name, func(t *testing.T) {
			if ref := Ref(row.from); !strings.HasPrefix(ref, row.prefix) || ref != Ref(row.from) {
				t.Errorf("reference %s, want %s…, the same each time", ref, row.prefix)
			}
		})
	}
}

func TestParseFrom(t *testing.T) {
	for _, s := range []string{"auto", "pull", "source"} {
		if f, err := ParseFrom(s); err != nil || string(f) != s {
			t.Errorf("ParseFrom(%q) = %q, %v", s, f, err)
		}
	}
	if _, err := ParseFrom("elsewhere"); err == nil {
		t.Error("an unknown way was taken")
	}
}

var quiet = registry.Logger(log.New(io.Discard, "", 0))
