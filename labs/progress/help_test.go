package progress

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/greenbox-lab/greenbox/labs"
)

func TestHelpIsKeptOnceAndInOrder(t *testing.T) {
	db := fresh(t)
	must(t, db.EnsureLearner(t.Context(), labs.Learner{ID: "solo"}))
	s := session("s1", "solo")
	must(t, db.SaveSession(t.Context(), s), db.SaveSession(t.Context(), session("s2", "solo")))
	help := func(step string, kind labs.HelpKind, number, minutes int) labs.Help {
		return labs.Help{SessionID: "s1", StepID: step, Kind: kind, Number: number, At: s.CreatedAt.Add(time.Duration(minutes) * time.Minute)}
	}
	want := []labs.Help{help("find", labs.HelpHint, 1, 1), help("find", labs.HelpHint, 2, 2),
		help("delete", labs.HelpHint, 1, 3), help("find", labs.HelpSolution, 0, 4)}
	other := help("find", labs.HelpHint, 1, 0)
	other.SessionID = "s2"
	for _, h := range append([]labs.Help{want[3], want[1], want[0], want[2], other}, help("find", labs.HelpHint, 1, 9)) {
		must(t, db.SaveHelp(t.Context(), h))
	}
	s.ResetAt = s.CreatedAt.Add(time.Hour)
	must(t, db.SaveSession(t.Context(), s))
	got, err := db.Help(t.Context(), "s1")
	must(t, err)
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error("(-want +got):\n" + diff)
	}
}

func TestHelpThatIsNoneIsRefused(t *testing.T) {
	db := fresh(t)
	must(t, db.EnsureLearner(t.Context(), labs.Learner{ID: "solo"}))
	must(t, db.SaveSession(t.Context(), session("s1", "solo")))
	for _, h := range []labs.Help{{SessionID: "s9", Kind: labs.HelpHint}, {SessionID: "s1", Kind: "cheer"}} {
		if err := db.SaveHelp(t.Context(), h); err == nil {
			t.Errorf("saved %+v", h)
		}
	}
}
