// Package static holds the files that pages load: the script and the style that
// `npm run build` bundles from src into dist, and the icon. They are embedded
// as they are when the program is compiled; before the first build there are
// none. It knows no page and serves nothing itself.
package static

import (
	"crypto/sha256"
	"embed"
	"encoding/hex"
	"io/fs"
	"sync"
)

//go:embed all:dist
var dist embed.FS

// Files are the built files: app.js, app.css, favicon.svg.
func Files() fs.FS {
	files, err := fs.Sub(dist, "dist")
	if err != nil {
		panic(err) // "dist" is a valid path
	}
	return files
}

// URL is where the built file with that name is served, with a hash of its
// content as v, so that a browser may keep what it got for ever. A file that
// was not built has no hash.
func URL(name string) string {
	url := "/static/" + name
	if hash := hashes()[name]; hash != "" {
		url += "?v=" + hash
	}
	return url
}

var hashes = sync.OnceValue(func() map[string]string {
	byName := map[string]string{}
	entries, err := fs.ReadDir(Files(), ".")
	if err != nil {
		panic(err) // dist was embedded
	}
	for _, entry := range entries {
		content, err := fs.ReadFile(Files(), entry.Name())
		if err != nil {
			panic(err) // dist has no folders
		}
		sum := sha256.Sum256(content)
		byName[entry.Name()] = hex.EncodeToString(sum[:6])
	}
	return byName
})
