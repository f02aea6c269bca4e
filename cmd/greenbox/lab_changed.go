package main

import (
	"context"
	"os"
	"path/filepath"

	"github.com/greenbox-lab/greenbox/labs/prove"
)

// judging is the code whose change makes every lab one to prove in full again.
var judging = []string{"labs/grade", "labs/expr", "labs/prove", "sandbox/restore", "sandbox/agent"}

// changes tells which labs may judge otherwise than main does.
type changes struct {
	tree  string // Greenbox's own working tree, or empty where it is not the current folder's
	books bookcase
	code  bool // whether the code that judges differs, or nobody can tell
}

func lookForChanges(ctx context.Context, books bookcase) changes {
	c := changes{books: books, tree: workingTree()}
	if c.tree != "" {
		c.code = changed(ctx, c.tree, judging...)
	}
	return c
}

// workingTree is the folder at or above the current one that has Greenbox's labs.
func workingTree() string {
	dir, err := os.Getwd()
	if err != nil {
		return ""
	}
	for ; ; dir = filepath.Dir(dir) {
		if _, err := os.Stat(filepath.Join(dir, embedded)); err == nil {
			return dir
		}
		if dir == filepath.Dir(dir) {
			return ""
		}
	}
}

// embedded is where the labs that are built in lie in the working tree.
const embedded = "labs/catalog/catalog.go"

// of reports whether the lab or the code that judges it differs.
func (c changes) of(ctx context.Context, lab string) bool {
	if c.code {
		return true
	}
	if c.books.has(lab) {
		return changed(ctx, c.books.dir, lab)
	}
	return c.tree == "" || changed(ctx, filepath.Join(c.tree, filepath.Dir(embedded)), lab)
}

// changed is prove.Changed, and true where git cannot tell.
func changed(ctx context.Context, dir string, paths ...string) bool {
	yes, err := prove.Changed(ctx, dir, paths...)
	return yes || err != nil
}
