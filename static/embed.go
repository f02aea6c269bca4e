// Package static holds the files that pages load: the script and the style that
// `npm run build` bundles from src into dist, and the icon. They are embedded
// as they are when the program is compiled; before the first build there are
// none. It knows no page and serves nothing itself.
package static

import (
	"embed"
	"io/fs"
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
