package progress

import (
	"errors"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/greenbox-lab/greenbox/labs"
)

func spare(cluster string) labs.Spare {
	return labs.Spare{Cluster: cluster, LabID: "static", LabHash: "abc", CreatedAt: time.Date(2026, 1, 2, 3, 4, 5, 600000000, time.UTC)}
}

func TestSparesAreSavedReplacedAndDropped(t *testing.T) {
	db := fresh(t)
	first, second := spare("greenbox-b"), spare("greenbox-a")
	second.LabID, second.LabHash, second.CreatedAt = "", "", second.CreatedAt.Add(time.Second)
	must(t, db.SaveSpare(t.Context(), first), db.SaveSpare(t.Context(), second))
	second.Whole = true
	must(t, db.SaveSpare(t.Context(), second))
	got, err := db.Spares(t.Context())
	must(t, err)
	if diff := cmp.Diff([]labs.Spare{first, second}, got); diff != "" {
		t.Error("(-want +got):\n" + diff)
	}
	must(t, db.DropSpare(t.Context(), first.Cluster), db.DropSpare(t.Context(), second.Cluster), db.DropSpare(t.Context(), "nobody"))
	if got, err := db.Spares(t.Context()); err != nil || got != nil {
		t.Errorf("left are %v, %v", got, err)
	}
}

func TestASpareIsTakenOnce(t *testing.T) {
	db := fresh(t)
	must(t, db.EnsureLearner(t.Context(), labs.Learner{ID: "ada"}), db.SaveSpare(t.Context(), spare("greenbox-x")))
	first, second := session("s1", "ada"), session("s2", "ada")
	first.Cluster, second.Cluster = "greenbox-x", "greenbox-x"
	must(t, db.TakeSpare(t.Context(), first))
	if err := db.TakeSpare(t.Context(), second); !errors.Is(err, labs.ErrNotFound) {
		t.Errorf("the second got %v", err)
	}
	if _, err := db.Session(t.Context(), "s2"); !errors.Is(err, labs.ErrNotFound) {
		t.Errorf("the second's session: %v", err)
	}
	got, err := db.SessionOn(t.Context(), "greenbox-x")
	must(t, err)
	if diff := cmp.Diff(first, got); diff != "" {
		t.Error("(-want +got):\n" + diff)
	}
	if _, err := db.SessionOn(t.Context(), "greenbox-y"); !errors.Is(err, labs.ErrNotFound) {
		t.Errorf("nobody's cluster: %v", err)
	}
	if left, err := db.Spares(t.Context()); err != nil || left != nil {
		t.Errorf("left are %v, %v", left, err)
	}
}

func TestLabsKeptWarm(t *testing.T) {
	db := fresh(t)
	must(t, db.SetWarm(t.Context(), "static", 3), db.SetWarm(t.Context(), "other", 1), db.SetWarm(t.Context(), "static", 5),
		db.SetWarm(t.Context(), "other", 0), db.SetWarm(t.Context(), "never", 0))
	got, err := db.Warm(t.Context())
	must(t, err)
	if diff := cmp.Diff(map[string]int{"static": 5}, got); diff != "" {
		t.Error("(-want +got):\n" + diff)
	}
}
