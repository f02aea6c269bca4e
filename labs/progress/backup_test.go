package progress

import (
	"database/sql"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/greenbox-lab/greenbox/labs"
)

var ada = labs.Learner{ID: "ada", Name: "Ada"}

func TestACopyOfADatabaseInUseHasAllThatWasSaved(t *testing.T) {
	dir := t.TempDir()
	db := open(t, filepath.Join(dir, "greenbox.db"))
	must(t, db.EnsureLearner(t.Context(), ada), db.SaveSession(t.Context(), session("s1", ada.ID)))
	dst := filepath.Join(dir, "copy.db")
	must(t, Copy(t.Context(), filepath.Join(dir, "greenbox.db"), dst))
	must(t, db.SaveSession(t.Context(), session("s2", ada.ID)), Examine(t.Context(), dst))

	copied := open(t, dst)
	if _, err := copied.Session(t.Context(), "s1"); err != nil {
		t.Error(err)
	}
	if _, err := copied.Session(t.Context(), "s2"); err == nil {
		t.Error("the copy has what was saved after it")
	}
}

func TestCopyMakesNoDatabase(t *testing.T) {
	path := filepath.Join(t.TempDir(), "greenbox.db")
	if err := Copy(t.Context(), path, path+".copy"); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("error %v", err)
	}
	if _, err := os.Stat(path); err == nil {
		t.Error("there is a database now")
	}
}

func TestExamine(t *testing.T) {
	for name, row := range map[string]struct {
		spoil func(t *testing.T, path string)
		says  string
	}{
		"a database as it should be": {func(*testing.T, string) {}, ""},
		"one of a newer version": {
			func(t *testing.T, path string) {
				execute(t, path, `INSERT INTO goose_db_version (version_id, is_applied) VALUES (99999, 1)`)
			}, "newer version",
		},
		"one of the first version": {func(t *testing.T, path string) { must(t, os.Remove(path)); old(t, path) }, ""},
		"an empty one":             {func(t *testing.T, path string) { must(t, os.Truncate(path, 0)) }, "not one of Greenbox"},
		"one that is no database": {func(t *testing.T, path string) {
			must(t, os.WriteFile(path, []byte(strings.Repeat("no", 4096)), 0o600))
		}, "cannot be read"},
		"one that is cut short":     {func(t *testing.T, path string) { must(t, os.Truncate(path, 12<<10)) }, "malformed"},
		"one with a damaged middle": {damage, "damaged"},
	} {
		t.Run(name, func(t *testing.T) {
			path := filepath.Join(t.TempDir(), "greenbox.db")
			must(t, open(t, path).Close())
			row.spoil(t, path)
			err := Examine(t.Context(), path)
			if row.says == "" && err != nil || row.says != "" && (err == nil || !strings.Contains(err.Error(), row.says)) {
				t.Errorf("error %v, want one that says %q", err, row.says)
			}
		})
	}
}

func execute(t *testing.T, path, query string) {
	t.Helper()
	conn, err := sql.Open("sqlite", dsn(path))
	must(t, err)
	_, err = conn.ExecContext(t.Context(), query)
	must(t, err, conn.Close())
}

// damage writes over the page of an index.
func damage(t *testing.T, path string) {
	t.Helper()
	conn, err := sql.Open("sqlite", dsn(path))
	must(t, err)
	var page int64
	must(t, conn.QueryRowContext(t.Context(), `SELECT rootpage FROM sqlite_schema WHERE name = 'sessions_by_learner'`).Scan(&page), conn.Close())
	f, err := os.OpenFile(path, os.O_RDWR, 0)
	must(t, err)
	_, err = f.WriteAt([]byte(strings.Repeat("\xff", 4096)), (page-1)*4096)
	must(t, err, f.Close())
}

func TestReplaceKeepsWhatWasThere(t *testing.T) {
	for name, unfinished := range map[string]bool{"a database that was closed": false, "one whose server was killed": true} {
		t.Run(name, func(t *testing.T) {
			dir := t.TempDir()
			path, with, aside := filepath.Join(dir, "greenbox.db"), filepath.Join(dir, "with.db"), filepath.Join(dir, "aside.db")
			first := open(t, filepath.Join(dir, "first.db"))
			must(t, first.EnsureLearner(t.Context(), ada), first.SaveSession(t.Context(), session("s1", ada.ID)))
			if unfinished { // as it lies on the disk while a server works with it
				for _, suffix := range []string{"", "-wal"} {
					raw, err := os.ReadFile(filepath.Join(dir, "first.db"+suffix))
					must(t, err, os.WriteFile(path+suffix, raw, 0o600))
				}
			} else {
				must(t, Copy(t.Context(), filepath.Join(dir, "first.db"), path))
			}
			must(t, open(t, with).Close())

			release, err := Hold(path)
			must(t, err)
			if _, err := Open(t.Context(), path); err == nil || !strings.Contains(err.Error(), "in use") {
				t.Errorf("a held database was opened: %v", err)
			}
			must(t, Replace(t.Context(), path, with, aside), release())
			if _, err := open(t, aside).Session(t.Context(), "s1"); err != nil {
				t.Errorf("the old one lost a session: %v", err)
			}
			if _, err := open(t, path).Session(t.Context(), "s1"); err == nil {
				t.Error("the new one has a session of the old one")
			}
		})
	}
}
