package mirror

import (
	"bytes"
	"encoding/json"
	"errors"
	"io/fs"
	"net/http"
	"os"
	"strings"
	"time"
)

// Handler answers as a registry from the layout in dir.
func Handler(dir string) http.Handler {
	layout := layout(dir)
	mux := http.NewServeMux()
	mux.HandleFunc("GET /v2/{$}", func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "application/json")
		_, _ = w.Write([]byte("{}")) // the client may have left
	})
	mux.HandleFunc("GET /v2/{path...}", layout.serve)
	mux.HandleFunc("/", func(w http.ResponseWriter, r *http.Request) {
		if r.Method != http.MethodGet && r.Method != http.MethodHead {
			refuse(w, http.StatusMethodNotAllowed, "UNSUPPORTED", "this registry is read-only")
			return
		}
		refuse(w, http.StatusNotFound, "NAME_UNKNOWN", "no such path")
	})
	return mux
}

// serve answers /v2/<name>/manifests/<tag or digest> and /v2/<name>/blobs/<digest>.
func (l layout) serve(w http.ResponseWriter, r *http.Request) {
	path := r.PathValue("path")
	if i := strings.LastIndex(path, "/manifests/"); i > 0 {
		l.serveManifest(w, r, path[:i], path[i+len("/manifests/"):])
		return
	}
	if i := strings.LastIndex(path, "/blobs/"); i > 0 {
		l.serveBlob(w, r, path[i+len("/blobs/"):])
		return
	}
	refuse(w, http.StatusNotFound, "NAME_UNKNOWN", "no such path")
}

// serveManifest takes the registry that containerd mirrors from the query, as
// containerd puts it there; where it is missing, Docker's is meant.
func (l layout) serveManifest(w http.ResponseWriter, r *http.Request, name, reference string) {
	registry := r.URL.Query().Get("ns")
	if registry == "" {
		registry = "docker.io"
	}
	digest := reference
	if !isDigest(reference) {
		found, err := l.resolve(registry + "/" + name + ":" + reference)
		if err != nil {
			fail(w, err, "MANIFEST_UNKNOWN")
			return
		}
		digest = found
	}
	content, err := os.ReadFile(l.blob(digest))
	if err != nil {
		fail(w, err, "MANIFEST_UNKNOWN")
		return
	}
	w.Header().Set("Content-Type", mediaType(content))
	w.Header().Set("Docker-Content-Digest", digest)
	http.ServeContent(w, r, "", time.Time{}, bytes.NewReader(content))
}

func (l layout) serveBlob(w http.ResponseWriter, r *http.Request, digest string) {
	if !isDigest(digest) {
		refuse(w, http.StatusBadRequest, "DIGEST_INVALID", "not a sha256 digest")
		return
	}
	file, err := os.Open(l.blob(digest))
	if err != nil {
		fail(w, err, "BLOB_UNKNOWN")
		return
	}
	defer func() { _ = file.Close() }() // only read
	w.Header().Set("Content-Type", "application/octet-stream")
	w.Header().Set("Docker-Content-Digest", digest)
	http.ServeContent(w, r, "", time.Time{}, file)
}

// fail says that something is not here, or that it could not be read.
func fail(w http.ResponseWriter, err error, unknown string) {
	if errors.Is(err, fs.ErrNotExist) {
		refuse(w, http.StatusNotFound, unknown, "not among the images of this node")
		return
	}
	refuse(w, http.StatusInternalServerError, "UNKNOWN", err.Error())
}

// refuse answers with the error document of the distribution protocol.
func refuse(w http.ResponseWriter, status int, code, message string) {
	type problem struct {
		Code    string `json:"code"`
		Message string `json:"message"`
	}
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(status)
	_ = json.NewEncoder(w).Encode(map[string][]problem{"errors": {{code, message}}}) // the client may have left
}
