package main

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
)

// ourFiles is what Greenbox puts into its data folder, each folder after what is
// in it. The database's lock is the last file: until then no server begins.
var ourFiles = []string{
	"clusters/greenbox-*", "clusters", "logs/*-greenbox-*", "logs", "engine.json", "engine.pid", "instance", "control.sock",
	"archives/*.tar.gz*", "archives",
	"restore.partial", "greenbox.db.before-restore-*", "greenbox.db-wal", "greenbox.db-shm", "greenbox.db", "greenbox.db.lock",
}

// removeData removes what is ours from the data folder, and the folder itself
// when nothing else is in it: --data may name one that holds other things.
func (d down) removeData() error {
	var errs []error
	for _, pattern := range ourFiles {
		found, err := fs.Glob(os.DirFS(d.data), pattern)
		errs = append(errs, err)
		for _, name := range found {
			errs = append(errs, removeOurs(filepath.Join(d.data, name), slices.Contains([]string{"clusters", "logs", "archives"}, name)))
		}
	}
	if err := errors.Join(errs...); err != nil {
		return fmt.Errorf("remove the data: %w", err)
	}
	left, err := os.ReadDir(d.data)
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err != nil {
		return err
	}
	if len(left) > 0 {
		fmt.Fprintf(d.out, "%s stays: it holds what is not Greenbox's, such as %s\n", d.data, left[0].Name())
		return nil
	}
	_ = os.Remove(d.data) // where a volume is mounted, an empty folder stays
	return nil
}

// removeOurs keeps a shared folder that others have put something into.
func removeOurs(path string, shared bool) error {
	if !shared {
		return os.RemoveAll(path)
	}
	if left, err := os.ReadDir(path); err != nil || len(left) > 0 {
		return err
	}
	return os.Remove(path)
}
