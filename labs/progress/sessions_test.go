package progress

import (
	"errors"
	"fmt"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/greenbox-lab/greenbox/labs"
)

func TestSavingASessionAgainReplacesIt(t *testing.T) {
	db := fresh(t)
	must(t, db.EnsureLearner(t.Context(), labs.Learner{ID: "solo", Name: "Solo"}))
	s := session("s1", "solo")
	must(t, db.SaveSession(t.Context(), s))
	s.State, s.Stage, s.Place, s.Cluster, s.Error = labs.Broken, labs.StageJoin, 0, "greenbox-s1", "node01 did not join."
	s.ExpiresAt = s.CreatedAt.Add(time.Hour)
	must(t, db.SaveSession(t.Context(), s))
	got, err := db.Session(t.Context(), "s1")
	must(t, err)
	if diff := cmp.Diff(s, got); diff != "" {
		t.Error("(-want +got):\n" + diff)
	}
}

func TestSessionsAreListed(t *testing.T) {
	db := fresh(t)
	for i, row := range []struct {
		id, learner string
		state       labs.State
	}{
		{"s1", "ada", labs.Ended}, {"s2", "ada", labs.Ready}, {"s3", "bob", labs.Paused},
		{"s4", "bob", labs.Broken}, {"s5", "ada", labs.Queued}, {"s6", "bob", labs.Preparing},
	} {
		must(t, db.EnsureLearner(t.Context(), labs.Learner{ID: row.learner}))
		s := session(row.id, row.learner)
		s.State, s.CreatedAt = row.state, s.CreatedAt.Add(time.Duration(i)*time.Minute)
		must(t, db.SaveSession(t.Context(), s))
	}
	open, err := db.OpenSessions(t.Context())
	must(t, err)
	adas, err := db.SessionsOf(t.Context(), "ada")
	must(t, err)
	none, err := db.SessionsOf(t.Context(), "carol")
	must(t, err)
	got := [][]string{ids(open), ids(adas), ids(none)}
	if diff := cmp.Diff([][]string{{"s2", "s3", "s5", "s6"}, {"s5", "s2", "s1"}, nil}, got); diff != "" {
		t.Error("(-want +got):\n" + diff)
	}
	counts, err := db.CountSessions(t.Context())
	must(t, err)
	want := map[labs.State]int{labs.Ended: 1, labs.Ready: 1, labs.Paused: 1, labs.Broken: 1, labs.Queued: 1, labs.Preparing: 1}
	if diff := cmp.Diff(want, counts); diff != "" {
		t.Error("counts (-want +got):\n" + diff)
	}
}

func TestASessionOfNobodyIsRefused(t *testing.T) {
	db := fresh(t)
	if err := db.SaveSession(t.Context(), session("s1", "nobody")); err == nil {
		t.Error("saved")
	}
	if _, err := db.Session(t.Context(), "s1"); !errors.Is(err, labs.ErrNotFound) {
		t.Errorf("got %v", err)
	}
}

func TestManyMayWriteAtOnce(t *testing.T) {
	db := fresh(t)
	must(t, db.EnsureLearner(t.Context(), labs.Learner{ID: "solo"}))
	must(t, db.SaveSession(t.Context(), session("s1", "solo")))
	errs := make([]error, 32)
	var wg sync.WaitGroup
	for i := range errs {
		wg.Go(func() {
			errs[i] = db.SaveAttempt(t.Context(), attempt(fmt.Sprint("a", i), "s1", "find", labs.Failed))
		})
	}
	wg.Wait()
	must(t, errs...)
	var n int
	must(t, db.sql.QueryRowContext(t.Context(), `SELECT count(*) FROM attempts`).Scan(&n))
	if n != len(errs) {
		t.Errorf("%d attempts", n)
	}
}

func ids(sessions []labs.Session) []string {
	var ids []string
	for _, s := range sessions {
		ids = append(ids, s.ID)
	}
	return ids
}
