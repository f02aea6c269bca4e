package web

import (
	"strings"
	"testing"

	"github.com/greenbox-lab/greenbox/labs"
)

func TestPageSaysWhatASessionWaitsFor(t *testing.T) {
	const shown, hidden = `data-wait="memory">`, `data-wait="turn" hidden>`
	for _, row := range []struct{ lang, why, help string }{
		{"en", "The server has no memory left for another cluster.", "You have another lab open."},
		{"zh-TW", "伺服器的記憶體不足以再開一個叢集。", "你還開著另一個 lab。"},
	} {
		t.Run(row.lang, func(t *testing.T) {
			w := newWorld(t, func(c *Config) { c.Solo = true })
			w.session("waits", Solo().ID, "second", labs.Queued)
			_, page := w.call("GET", "/sessions/waits", "", "Accept-Language: "+row.lang)
			if !strings.Contains(page, shown+row.why) || !strings.Contains(page, hidden) || strings.Contains(page, row.help) {
				t.Error("the page of a learner who has no other lab does not say why it waits")
			}
			w.session("other", Solo().ID, "static", labs.Ready)
			if _, page = w.call("GET", "/sessions/waits", "", "Accept-Language: "+row.lang); !strings.Contains(page, `data-wait="others">`+row.help) {
				t.Error("the page of a learner who has another lab does not say what helps")
			}
		})
	}
}
