package web

import (
	"strings"
	"testing"
	"time"

	"github.com/greenbox-lab/greenbox/labs"
)

func TestAReplacedClusterIsSaidSo(t *testing.T) {
	w := soloWorld(t)
	s := labs.Session{ID: "revived", LearnerID: Solo().ID, LabID: "static", State: labs.Ready, Cluster: "greenbox-revived",
		CreatedAt: time.Now(), ReplacedAt: time.Date(2026, 11, 2, 9, 30, 0, 0, time.UTC)}
	if err := w.db.SaveSession(t.Context(), s); err != nil {
		t.Fatal(err)
	}
	for path, want := range map[string][]string{
		"/api/v1/sessions/revived":     {`"replaced_at":"2026-11-02T09:30:00Z"`, `"reset_at":null`},
		"/sessions/revived":            {`"replaced_at":"2026-11-02T09:30:00Z"`, "Your cluster was damaged when the machine stopped"},
		"/sessions/revived?lang=zh-TW": {"主機停止運作時，你的叢集受損了"},
	} {
		_, body := w.call("GET", path, "")
		for _, part := range want {
			if !strings.Contains(body, part) {
				t.Errorf("%s: no %s in %s", path, part, body)
			}
		}
	}
}
