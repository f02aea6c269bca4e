package web

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"io/fs"
	"net/http"
	"path"
	"time"

	"github.com/greenbox-lab/greenbox/labs"
	"github.com/greenbox-lab/greenbox/templates/layout"
	"github.com/labstack/echo/v4"
)

// asset is a static file; its version changes with its content.
type asset struct {
	content []byte
	version string
}

func hashAssets(files fs.FS) (map[string]asset, error) {
	assets := map[string]asset{}
	err := fs.WalkDir(files, ".", func(name string, e fs.DirEntry, err error) error {
		if err != nil || e.IsDir() {
			return err
		}
		content, err := fs.ReadFile(files, name)
		sum := sha256.Sum256(content)
		assets[name] = asset{content: content, version: hex.EncodeToString(sum[:8])}
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("read static files: %w", err)
	}
	return assets, nil
}

func (s *Server) assetURL(name string) string {
	return "/static/" + name + "?v=" + s.assets[name].version
}

// page is what every page's frame needs.
func (s *Server) page(lang labs.Lang) layout.Page {
	return layout.Page{Lang: lang, Assets: layout.Assets{
		Script: s.assetURL("app.js"), Style: s.assetURL("app.css"), Icon: s.assetURL("favicon.svg"),
	}}
}

// GET /static/{path}
func (s *Server) showAsset(c echo.Context) error {
	name := c.Param("*")
	file, ok := s.assets[name]
	if !ok {
		return labs.ErrNotFound
	}
	h := c.Response().Header()
	h.Set("Cache-Control", "no-cache")
	if c.QueryParam("v") == file.version {
		h.Set("Cache-Control", "public, max-age=31536000, immutable")
	}
	h.Set("ETag", `"`+file.version+`"`)
	http.ServeContent(c.Response(), c.Request(), path.Base(name), time.Time{}, bytes.NewReader(file.content))
	return nil
}
