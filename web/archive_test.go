package web

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/greenbox-lab/greenbox/labs"
)

// keep puts what there is of a session's work; empty: it is being saved.
func (w *world) keep(id, content string) {
	w.t.Helper()
	if err := os.WriteFile(filepath.Join(w.fleet.archives, id), []byte(content), 0o600); err != nil {
		w.t.Fatal(err)
	}
}

func TestArchivesAreDownloadedByWhoseTheyAre(t *testing.T) {
	w := newWorld(t, nil)
	ada, token := w.logIn("ada")
	bob, _ := w.logIn("bob")
	for id, work := range map[string]string{"saved": "work of ada's", "saving": "", "bobs": "work of bob's"} {
		learner := ada.ID
		if id == "bobs" {
			learner = bob.ID
		}
		w.session(id, learner, "static", labs.Ended)
		w.keep(id, work)
	}
	w.session("none", ada.ID, "static", labs.Ended)
	const named = `attachment; filename="greenbox-static-saved.tar.gz"`
	for _, tt := range []struct {
		name   string
		path   string
		header string
		status int
		must   string
		as     string // Content-Disposition
	}{
		{"one's own is sent as a file", "saved/archive", "", 200, "work of ada's", named},
		{"or a part of it", "saved/archive", "Range: bytes=5-6", 206, "of", named},
		{"another's is not found", "bobs/archive", "", 404, `"code":"not-found"`, ""},
		{"one that is being saved is not there yet", "saving/archive", "", 404, `"code":"archive-missing"`, ""},
		{"one that never was is not there", "none/archive", "", 404, `"code":"archive-missing"`, ""},
		{"the problem is in the learner's language", "none/archive?lang=zh-TW", "", 404, "沒有保存的內容", ""},
		{"an unknown session's is not found", "nobody/archive", "", 404, `"code":"not-found"`, ""},
		{"the session tells where it is", "saved", "", 200, `"archive":{"state":"saved","url":"/api/v1/sessions/saved/archive","size":13}}`, ""},
		{"and that it is being saved", "saving", "", 200, `"archive":{"state":"saving","url":null,"size":null}}`, ""},
		{"and that there is none", "none", "", 200, `"archive":null}`, ""},
	} {
		t.Run(tt.name, func(t *testing.T) {
			w.t = t
			headers := []string{"Authorization: Bearer " + token}
			if tt.header != "" {
				headers = append(headers, tt.header)
			}
			res, body := w.call("GET", "/api/v1/sessions/"+tt.path, "", headers...)
			if res.StatusCode != tt.status || !strings.Contains(body, tt.must) || res.Header.Get("Content-Disposition") != tt.as {
				t.Errorf("status %d, %v\n%s", res.StatusCode, res.Header, body)
			}
		})
	}
}

func TestPagesOfferTheSavedWork(t *testing.T) {
	w := newWorld(t, func(c *Config) { c.Solo = true })
	for _, id := range []string{"saved", "saving", "none"} {
		w.session(id, Solo().ID, "static", labs.Ended)
	}
	w.keep("saved", "work")
	w.keep("saving", "")
	const saving, saved = `data-slot="saving" hidden`, `data-slot="saved" hidden`
	for _, tt := range []struct {
		name, path, lang string
		must, not        []string
	}{
		{"the page of an ended session", "/sessions/saved", "en", []string{"Your work was saved", `href="/api/v1/sessions/saved/archive"`, "1 kB", saving}, []string{saved}},
		{"in the other language", "/sessions/saved", "zh-TW", []string{"你的成果已保存", "下載"}, nil},
		{"once it is saved", "/sessions/saving", "en", []string{saved}, []string{saving}},
		{"but not where there is none", "/sessions/none", "en", []string{saving, saved}, nil},
		{"the first page", "/", "en", []string{"Your saved work", `href="/api/v1/sessions/saved/archive"`, "being saved", `href="/sessions/saving"`}, []string{"/sessions/none"}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			w.t = t
			_, body := w.call("GET", tt.path, "", "Accept-Language: "+tt.lang)
			for _, part := range tt.must {
				if !strings.Contains(body, part) {
					t.Errorf("no %s in %s", part, body)
				}
			}
			for _, part := range tt.not {
				if strings.Contains(body, part) {
					t.Errorf("there is %s in %s", part, body)
				}
			}
		})
	}
}
