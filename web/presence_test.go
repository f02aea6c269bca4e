package web

import (
	"strings"
	"testing"
	"time"

	"github.com/greenbox-lab/greenbox/labs"
)

func TestPresenceAndMoreTime(t *testing.T) {
	for _, tt := range []struct {
		name   string
		path   string
		lasts  time.Duration // of mine
		status int
		must   []string
		state  labs.State // of mine afterwards
	}{
		{"presence resumes a paused session", "mine/presence", 0, 204, nil, labs.Ready},
		{"presence in a queue is noted", "waits/presence", 0, 204, nil, labs.Paused},
		{"nobody is present in a session that has ended", "over/presence", 0, 409, []string{`"code":"session-ended"`}, labs.Paused},
		{"nobody is present in another's session", "bobs/presence", 0, 404, []string{`"code":"not-found"`}, labs.Paused},
		{"an extension gives another hour, and says how far it can go", "mine/extend", 4 * time.Hour, 200,
			[]string{`"expires_at":"2030-01-01T05:00:00Z"`, `"extendable_until":"2030-01-01T12:00:00Z"`}, labs.Paused},
		{"the last one leaves nothing", "mine/extend", 11 * time.Hour, 200,
			[]string{`"expires_at":"2030-01-01T12:00:00Z"`, `"extendable_until":null`}, labs.Paused},
		{"at the limit it is refused", "mine/extend", 12 * time.Hour, 409, []string{`"code":"session-longest"`}, labs.Paused},
		{"a session that has ended is not extended", "over/extend", 0, 409, []string{`"code":"session-ended"`}, labs.Paused},
		{"another's session is not extended", "bobs/extend", 0, 404, []string{`"code":"not-found"`}, labs.Paused},
	} {
		t.Run(tt.name, func(t *testing.T) {
			w := newWorld(t, func(cfg *Config) { cfg.Solo, cfg.MaxLifetime = true, 12*time.Hour })
			bob, _ := w.logIn("bob")
			w.session("bobs", bob.ID, "static", labs.Ready)
			w.session("over", Solo().ID, "static", labs.Ended)
			w.session("waits", Solo().ID, "second", labs.Queued)
			mine := labs.Session{ID: "mine", LearnerID: Solo().ID, LabID: "third", State: labs.Paused, Cluster: "greenbox-mine",
				CreatedAt: time.Date(2030, 1, 1, 0, 0, 0, 0, time.UTC)}
			if tt.lasts > 0 {
				mine.ExpiresAt = mine.CreatedAt.Add(tt.lasts)
			}
			if err := w.db.SaveSession(t.Context(), mine); err != nil {
				t.Fatal(err)
			}
			res, body := w.call("POST", "/api/v1/sessions/"+tt.path, "")
			if res.StatusCode != tt.status {
				t.Errorf("status %d, want %d: %s", res.StatusCode, tt.status, body)
			}
			for _, part := range tt.must {
				if !strings.Contains(body, part) {
					t.Errorf("no %s in %s", part, body)
				}
			}
			if now, err := w.db.Session(t.Context(), "mine"); err != nil || now.State != tt.state {
				t.Errorf("the session is %s, %v", now.State, err)
			}
		})
	}
}
