// Package starter is the lab that an author begins with: small, complete, and
// passing every test, so that it can be changed bit by bit.
package starter

import (
	"embed"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"strings"

	"github.com/greenbox-lab/greenbox/labs/catalog"
)

//go:embed lab
var content embed.FS

// schemaFile lies beside the labs, where each lab.yaml says it is.
const schemaFile = "lab.schema.json"

// Write makes the folder id in dir with a lab of that id, and beside it the JSON
// Schema of lab.yaml. It changes no lab that is there already.
func Write(dir, id string) error {
	if !regexp.MustCompile(`^[a-z0-9]+(-[a-z0-9]+)*$`).MatchString(id) {
		return fmt.Errorf("%q is no id: write lower-case words joined by hyphens", id)
	}
	if err := os.MkdirAll(dir, 0o755); err != nil { //nolint:gosec // it is for others to read
		return err
	}
	if err := os.WriteFile(filepath.Join(dir, schemaFile), catalog.Schema(), 0o644); err != nil { //nolint:gosec // likewise
		return err
	}
	folder := filepath.Join(dir, id)
	if err := os.Mkdir(folder, 0o755); err != nil { //nolint:gosec // likewise
		return err
	}
	return fs.WalkDir(content, "lab", func(path string, e fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		to := filepath.Join(folder, strings.TrimPrefix(path, "lab"))
		if e.IsDir() {
			return os.MkdirAll(to, 0o755) //nolint:gosec // likewise
		}
		text, err := content.ReadFile(path)
		if err != nil {
			return err
		}
		return os.WriteFile(to, []byte(strings.Replace(string(text), "id: LAB", "id: "+id, 1)), 0o644) //nolint:gosec // likewise
	})
}
