package mirror

import (
	"encoding/json"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	v1 "github.com/google/go-containerregistry/pkg/v1"
	"github.com/google/go-containerregistry/pkg/v1/types"
)

// layout is the directory of an OCI layout.
type layout string

// refName is the annotation under which the index keeps an image's whole name.
const refName = "org.opencontainers.image.ref.name"

// resolve returns the digest of the image of that name, such as
// docker.io/library/nginx:latest. The error is fs.ErrNotExist when there is none.
func (l layout) resolve(name string) (string, error) {
	content, err := os.ReadFile(filepath.Join(string(l), "index.json"))
	if err != nil {
		return "", err
	}
	var index v1.IndexManifest
	if err := json.Unmarshal(content, &index); err != nil {
		return "", fmt.Errorf("read the index of the images: %w", err)
	}
	for _, image := range index.Manifests {
		if image.Annotations[refName] == name {
			return image.Digest.String(), nil
		}
	}
	return "", fs.ErrNotExist
}

// blob is the path of the content with that digest, which isDigest.
func (l layout) blob(digest string) string {
	return filepath.Join(string(l), "blobs", "sha256", strings.TrimPrefix(digest, "sha256:"))
}

// isDigest reports whether s is a digest, and so safe in a path.
func isDigest(s string) bool {
	hash, err := v1.NewHash(s)
	return err == nil && hash.Algorithm == "sha256"
}

// mediaType is what a manifest says that it is; the OCI formats need not say.
func mediaType(manifest []byte) string {
	var head struct {
		MediaType string            `json:"mediaType"`
		Manifests []json.RawMessage `json:"manifests"`
	}
	if err := json.Unmarshal(manifest, &head); err != nil {
		return "application/octet-stream"
	}
	switch {
	case head.MediaType != "":
		return head.MediaType
	case head.Manifests != nil:
		return string(types.OCIImageIndex)
	default:
		return string(types.OCIManifestSchema1)
	}
}
