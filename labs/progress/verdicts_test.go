package progress

import (
	"fmt"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/greenbox-lab/greenbox/labs"
)

func TestVerdictOfAStep(t *testing.T) {
	tests := []struct {
		name     string
		attempts []labs.Verdict
		want     labs.Verdict // "" for none
	}{
		{"is null before the first attempt", nil, ""},
		{"is the latest: failed", []labs.Verdict{labs.Errored, labs.Failed}, labs.Failed},
		{"is the latest: errored", []labs.Verdict{labs.Failed, labs.Errored}, labs.Errored},
		{"is passed once it passes", []labs.Verdict{labs.Failed, labs.Passed}, labs.Passed},
		{"stays passed after a failed attempt", []labs.Verdict{labs.Passed, labs.Failed}, labs.Passed},
		{"stays passed after our own error", []labs.Verdict{labs.Passed, labs.Failed, labs.Errored}, labs.Passed},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			db := fresh(t)
			must(t, db.EnsureLearner(t.Context(), labs.Learner{ID: "solo"}))
			must(t, db.SaveSession(t.Context(), session("s1", "solo")), db.SaveSession(t.Context(), session("s2", "solo")))
			must(t, db.SaveAttempt(t.Context(), attempt("other", "s2", "delete", labs.Passed)))
			for i, v := range tt.attempts {
				must(t, db.SaveAttempt(t.Context(), attempt(fmt.Sprint("a", i), "s1", "delete", v)))
			}
			got, err := db.Verdicts(t.Context(), "s1", []labs.Step{{ID: "find"}, {ID: "delete"}})
			must(t, err)
			want := []labs.StepVerdict{{StepID: "find"}, {StepID: "delete"}}
			if tt.want != "" {
				want[1].Verdict = &tt.want
			}
			if diff := cmp.Diff(want, got); diff != "" {
				t.Error("(-want +got):\n" + diff)
			}
		})
	}
}

func TestPassedStepsCountOverAllSessionsOfALearner(t *testing.T) {
	db := fresh(t)
	must(t, db.EnsureLearner(t.Context(), labs.Learner{ID: "ada"}), db.EnsureLearner(t.Context(), labs.Learner{ID: "bob"}))
	must(t, db.SaveSession(t.Context(), session("s1", "ada")), db.SaveSession(t.Context(), session("s2", "ada")),
		db.SaveSession(t.Context(), session("s3", "bob")))
	must(t, db.SaveAttempt(t.Context(), attempt("a1", "s1", "find", labs.Passed)),
		db.SaveAttempt(t.Context(), attempt("a2", "s2", "find", labs.Failed)),
		db.SaveAttempt(t.Context(), attempt("a3", "s2", "delete", labs.Passed)),
		db.SaveAttempt(t.Context(), attempt("a4", "s3", "last", labs.Passed)))
	got, err := db.PassedSteps(t.Context(), "ada")
	must(t, err)
	if diff := cmp.Diff(map[string]map[string]bool{"delete-static-pod": {"find": true, "delete": true}}, got); diff != "" {
		t.Error("(-want +got):\n" + diff)
	}
}

func TestAnAttemptIsSavedWholeOrNotAtAll(t *testing.T) {
	db := fresh(t)
	must(t, db.EnsureLearner(t.Context(), labs.Learner{ID: "solo"}), db.SaveSession(t.Context(), session("s1", "solo")))
	bad := attempt("a1", "s1", "find", labs.Failed)
	bad.Checks[1].Verdict = "perhaps"
	if err := db.SaveAttempt(t.Context(), bad); err == nil {
		t.Error("saved a check with no such verdict")
	}
	latest, err := db.LatestAttempts(t.Context(), "s1")
	must(t, err)
	if len(latest) != 0 {
		t.Errorf("kept %v", latest)
	}
	must(t, db.SaveAttempt(t.Context(), attempt("a1", "s1", "find", labs.Failed)))
	if err := db.SaveAttempt(t.Context(), attempt("a1", "s1", "find", labs.Passed)); err == nil {
		t.Error("changed an attempt")
	}
}

func TestAttemptsFromBeforeAResetDoNotCount(t *testing.T) {
	db := fresh(t)
	must(t, db.EnsureLearner(t.Context(), labs.Learner{ID: "solo"}))
	s := session("s1", "solo")
	before, after := attempt("a1", "s1", "find", labs.Passed), attempt("a2", "s1", "delete", labs.Failed)
	s.ResetAt = before.At.Add(time.Microsecond)
	after.At = s.ResetAt
	must(t, db.SaveSession(t.Context(), s), db.SaveAttempt(t.Context(), before), db.SaveAttempt(t.Context(), after))
	verdicts, err := db.Verdicts(t.Context(), "s1", []labs.Step{{ID: "find"}, {ID: "delete"}})
	must(t, err)
	failed := labs.Failed
	if diff := cmp.Diff([]labs.StepVerdict{{StepID: "find"}, {StepID: "delete", Verdict: &failed}}, verdicts); diff != "" {
		t.Error("verdicts (-want +got):\n" + diff)
	}
	latest, err := db.LatestAttempts(t.Context(), "s1")
	must(t, err)
	if diff := cmp.Diff(map[string]labs.Attempt{"delete": after}, latest); diff != "" {
		t.Error("latest attempts (-want +got):\n" + diff)
	}
	passed, err := db.PassedSteps(t.Context(), "solo")
	must(t, err)
	if !passed[s.LabID]["find"] {
		t.Error("what was once passed is forgotten")
	}
}
