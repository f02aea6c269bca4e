package progress

import (
	"database/sql"
	"path/filepath"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/greenbox-lab/greenbox/labs"
)

// old makes a database as the first version made it, with what was in it.
func old(t *testing.T, path string) {
	t.Helper()
	conn, err := sql.Open("sqlite", dsn(path))
	must(t, err)
	p, err := provider(conn)
	must(t, err)
	_, err = p.UpTo(t.Context(), 1)
	must(t, err)
	for _, row := range []string{
		`INSERT INTO learners VALUES ('ada', 'Ada', '2026-01-02T03:04:05.000000Z')`,
		`INSERT INTO sessions VALUES ('s1', 'ada', 'delete-static-pod', 'greenbox-s1', 'paused', '', 0, '', '2026-01-02T03:04:05.600000Z', NULL)`,
		`INSERT INTO attempts VALUES (1, 'a1', 's1', 'find', '節點', '2026-01-02T03:04:05.000000Z', 'passed', 1, 3)`,
		`INSERT INTO check_results VALUES ('a1', 0, 'one', 'passed', 'null', 1, 1)`,
	} {
		_, err := conn.ExecContext(t.Context(), row)
		must(t, err)
	}
	must(t, conn.Close())
}

func TestADatabaseOfTheFirstVersionIsKept(t *testing.T) {
	path := filepath.Join(t.TempDir(), "greenbox.db")
	old(t, path)
	db := open(t, path)
	want := session("s1", "ada")
	want.State, want.Place, want.Cluster, want.ReadyAt = labs.Paused, 0, "greenbox-s1", want.CreatedAt
	got, err := db.Session(t.Context(), "s1")
	must(t, err)
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error("session (-want +got):\n" + diff)
	}
	latest, err := db.LatestAttempts(t.Context(), "s1")
	must(t, err)
	attempt := labs.Attempt{ID: "a1", SessionID: "s1", StepID: "find", Answer: "節點", At: time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC),
		Verdict: labs.Passed, Points: 1, MaxPoints: 3, Checks: []labs.CheckResult{{ID: "one", Verdict: labs.Passed, Points: 1, MaxPoints: 1}}}
	if diff := cmp.Diff(map[string]labs.Attempt{"find": attempt}, latest); diff != "" {
		t.Error("attempts (-want +got):\n" + diff)
	}
	got.ResetAt = got.CreatedAt.Add(time.Hour)
	must(t, db.SaveSession(t.Context(), got), db.SaveHelp(t.Context(), labs.Help{SessionID: "s1", StepID: "find", Kind: labs.HelpSolution}))
}

func TestMigrationsGoBack(t *testing.T) {
	path := filepath.Join(t.TempDir(), "greenbox.db")
	must(t, open(t, path).Close())
	conn, err := sql.Open("sqlite", dsn(path))
	must(t, err)
	p, err := provider(conn)
	must(t, err)
	_, err = p.DownTo(t.Context(), 0)
	must(t, err, conn.Close())
	must(t, open(t, path).EnsureLearner(t.Context(), labs.Learner{ID: "ada"}))
}
