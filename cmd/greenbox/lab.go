package main

import (
	"fmt"
	"io/fs"
	"os"
	"slices"
	"strings"

	"github.com/greenbox-lab/greenbox/labs/catalog"
	"github.com/spf13/cobra"
)

func labCommand() *cobra.Command {
	c := &cobra.Command{
		Use:   "lab",
		Short: "For authors of labs: begin one, look at it, check it, prove it on real clusters",
	}
	c.AddCommand(labNewCommand(), labPreviewCommand(), labLintCommand(), labTestCommand())
	return c
}

// labsFlag is the flag of every command that takes labs from outside.
func labsFlag(c *cobra.Command, dir *string) {
	c.Flags().StringVar(dir, "labs", "", "folder with labs of your own, one folder each, besides those built in")
}

// bookcase is the labs that a command is about.
type bookcase struct {
	*catalog.Catalog
	dir      string   // of the labs from outside, or empty
	own      []string // the folders in dir
	problems []error  // with labs of dir, which the catalog therefore lacks
}

// openBookcase reads the labs that are built in and those in dir, if it is not empty.
func openBookcase(dir string) (bookcase, error) {
	base, err := catalog.Embedded()
	if err != nil || dir == "" {
		return bookcase{Catalog: base}, err
	}
	folder := os.DirFS(dir)
	entries, err := fs.ReadDir(folder, ".")
	if err != nil {
		return bookcase{}, fmt.Errorf("--labs: %w", err)
	}
	if _, err := fs.Stat(folder, "lab.yaml"); err == nil {
		return bookcase{}, fmt.Errorf("--labs is the folder that holds the labs' folders, and %s is a lab: give the folder above it", dir)
	}
	b := bookcase{dir: dir}
	for _, e := range entries {
		if e.IsDir() && !strings.HasPrefix(e.Name(), ".") {
			b.own = append(b.own, e.Name())
		}
	}
	b.Catalog, b.problems = catalog.Layered(base, folder)
	return b, nil
}

// ids are the labs meant when none is named: those of dir, or else all.
func (b bookcase) ids() []string {
	if b.dir != "" {
		return b.own
	}
	var ids []string
	for _, track := range b.Tracks() {
		for _, id := range track.Labs {
			if !slices.Contains(ids, id) {
				ids = append(ids, id)
			}
		}
	}
	return ids
}

// has reports whether a lab is one of dir.
func (b bookcase) has(id string) bool { return slices.Contains(b.own, id) }
