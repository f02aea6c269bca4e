package progress

import (
	"database/sql"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/greenbox-lab/greenbox/labs"
)

func open(t *testing.T, path string) *DB {
	t.Helper()
	db, err := Open(t.Context(), path)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := db.Close(); err != nil && !errors.Is(err, os.ErrClosed) {
			t.Error(err)
		}
	})
	return db
}

func fresh(t *testing.T) *DB {
	t.Helper()
	return open(t, filepath.Join(t.TempDir(), "a ?%#'dir.db"))
}

func TestEverythingIsThereAfterReopening(t *testing.T) {
	path := filepath.Join(t.TempDir(), "greenbox.db")
	db := open(t, path)
	l, token, err := db.LogIn(t.Context(), "Ada")
	if err != nil {
		t.Fatal(err)
	}
	s := session("s1", l.ID)
	s.ExpiresAt, s.ResetAt, s.ReadyAt = s.CreatedAt.Add(4*time.Hour), s.CreatedAt.Add(-time.Hour), s.CreatedAt.Add(time.Minute)
	a := attempt("a1", s.ID, "find", labs.Failed)
	a.Automatic, a.Lost = true, labs.Text{labs.English: "Gone.", labs.TraditionalChinese: "沒了。"}
	must(t, db.SaveSession(t.Context(), s), db.SaveAttempt(t.Context(), a), db.Close())

	db = open(t, path)
	got, err := db.LearnerByToken(t.Context(), token)
	must(t, err)
	if diff := cmp.Diff(l, got); diff != "" {
		t.Error("learner (-want +got):\n" + diff)
	}
	gotSession, err := db.Session(t.Context(), s.ID)
	must(t, err)
	if diff := cmp.Diff(s, gotSession); diff != "" {
		t.Error("session (-want +got):\n" + diff)
	}
	latest, err := db.LatestAttempts(t.Context(), s.ID)
	must(t, err)
	if diff := cmp.Diff(map[string]labs.Attempt{"find": a}, latest); diff != "" {
		t.Error("attempts (-want +got):\n" + diff)
	}
}

func TestASecondServerIsRefusedInOneSentence(t *testing.T) {
	path := filepath.Join(t.TempDir(), "greenbox.db")
	first := open(t, path)
	_, err := Open(t.Context(), path)
	if err == nil || !strings.Contains(err.Error(), "in use by another greenbox server (process ") {
		t.Fatalf("got %v", err)
	}
	must(t, first.Close())
	open(t, path)
}

func TestTheDatabaseIsReadableByItsOwnerOnly(t *testing.T) {
	dir := t.TempDir()
	db := open(t, filepath.Join(dir, "greenbox.db"))
	must(t, db.EnsureLearner(t.Context(), labs.Learner{ID: "solo"}))
	files, err := os.ReadDir(dir)
	must(t, err)
	for _, f := range files {
		info, err := f.Info()
		must(t, err)
		if info.Mode().Perm() != 0o600 {
			t.Errorf("%s has mode %v", f.Name(), info.Mode())
		}
	}
}

func TestPragmasHold(t *testing.T) {
	db := fresh(t)
	for pragma, want := range map[string]string{"journal_mode": "wal", "foreign_keys": "1", "busy_timeout": "10000", "synchronous": "2"} {
		var got string
		must(t, db.sql.QueryRowContext(t.Context(), "PRAGMA "+pragma).Scan(&got))
		if got != want {
			t.Errorf("%s is %s, not %s", pragma, got, want)
		}
	}
}

func TestTokensAreNotStored(t *testing.T) {
	db := fresh(t)
	_, token, err := db.LogIn(t.Context(), "Ada")
	must(t, err)
	var stored string
	must(t, db.sql.QueryRowContext(t.Context(), `SELECT token_hash FROM logins`).Scan(&stored))
	if strings.Contains(stored, token) || len(stored) != 64 {
		t.Errorf("stored %q", stored)
	}
	if _, err := db.LearnerByToken(t.Context(), "x"+token); !errors.Is(err, labs.ErrNotFound) {
		t.Errorf("a wrong token: %v", err)
	}
}

func TestEachLoginIsANewLearner(t *testing.T) {
	db := fresh(t)
	one, _, err1 := db.LogIn(t.Context(), "Ada")
	two, _, err2 := db.LogIn(t.Context(), "Ada")
	must(t, err1, err2)
	if one.ID == two.ID {
		t.Errorf("both are %s", one.ID)
	}
}

func TestAStoredTimeThatIsNoneIsAnError(t *testing.T) {
	db := fresh(t)
	must(t, db.EnsureLearner(t.Context(), labs.Learner{ID: "solo"}))
	must(t, db.SaveSession(t.Context(), session("s1", "solo")))
	_, err := db.sql.ExecContext(t.Context(), `UPDATE sessions SET created_at = 'yesterday'`)
	must(t, err)
	if _, err := db.Session(t.Context(), "s1"); err == nil || errors.Is(err, sql.ErrNoRows) {
		t.Errorf("got %v", err)
	}
}

func session(id, learner string) labs.Session {
	return labs.Session{ID: id, LearnerID: learner, LabID: "delete-static-pod", State: labs.Queued, Place: 1,
		CreatedAt: time.Date(2026, 1, 2, 3, 4, 5, 600_000_000, time.UTC)}
}

func attempt(id, session, step string, v labs.Verdict) labs.Attempt {
	return labs.Attempt{ID: id, SessionID: session, StepID: step, Answer: "節點", At: time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC),
		Verdict: v, Points: 1, MaxPoints: 3, Checks: []labs.CheckResult{
			{ID: "one", Verdict: labs.Passed, Points: 1, MaxPoints: 1},
			{ID: "two", Verdict: v, MaxPoints: 2, Message: labs.Text{labs.English: "Still there.", labs.TraditionalChinese: "還在。"}},
		}}
}

func must(t *testing.T, errs ...error) {
	t.Helper()
	if err := errors.Join(errs...); err != nil {
		t.Fatal(err)
	}
}
