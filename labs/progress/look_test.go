package progress

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func TestALookChangesNothingAndLocksNobodyOut(t *testing.T) {
	path := filepath.Join(t.TempDir(), "greenbox.db")
	db := open(t, path)
	must(t, db.EnsureLearner(t.Context(), ada), db.SaveSession(t.Context(), session("s1", ada.ID)))
	look, err := Look(t.Context(), path) // beside the server
	if err != nil {
		t.Fatal(err)
	}
	if _, err := look.Session(t.Context(), "s1"); err != nil {
		t.Error(err)
	}
	if err := look.SaveSession(t.Context(), session("s2", ada.ID)); err == nil {
		t.Error("it was written to")
	}
	must(t, db.Close())
	must(t, open(t, path).Close()) // while it is looked at
	must(t, look.Close())
}

func TestALookIsRefused(t *testing.T) {
	for name, row := range map[string]struct {
		spoil func(t *testing.T, path string)
		says  string
	}{
		"at a database that is not there": {func(t *testing.T, path string) { must(t, os.Remove(path)) }, "no such file"},
		"at one of an older version":      {func(t *testing.T, path string) { must(t, os.Remove(path)); old(t, path) }, "another version"},
		"at one of a newer version": {func(t *testing.T, path string) {
			execute(t, path, `INSERT INTO goose_db_version (version_id, is_applied) VALUES (99999, 1)`)
		}, "another version"},
	} {
		t.Run(name, func(t *testing.T) {
			path := filepath.Join(t.TempDir(), "greenbox.db")
			must(t, open(t, path).Close())
			row.spoil(t, path)
			db, err := Look(t.Context(), path)
			if err == nil || !strings.Contains(err.Error(), row.says) {
				t.Fatalf("%v, %v", db, err)
			}
			if _, serr := os.Stat(path); errors.Is(err, os.ErrNotExist) && serr == nil {
				t.Error("it was made")
			}
		})
	}
}
