package web

import (
	"strings"
	"testing"

	"github.com/greenbox-lab/greenbox/labs"
)

func TestHelpIsGivenWhenAskedFor(t *testing.T) {
	w := soloWorld(t)
	bob, _ := w.logIn("bob")
	w.session("bobs", bob.ID, "static", labs.Ready)
	w.session("over", Solo().ID, "static", labs.Ended)
	team := testLabs()[0].Values("mine")["team"]
	next := w.follow("/api/v1/sessions/mine/events")
	next()
	const where = "/api/v1/sessions/mine/steps/where"
	for _, tt := range []struct {
		name   string
		path   string
		status int
		must   []string
		news   string // what the session's stream then says
	}{
		{"the first hint comes first", where + "/hints", 201,
			[]string{`{"number":1,"of":2,"text":"secret-hint: *look*","html":"\u003cp\u003esecret-hint: \u003cem\u003elook`}, `"hints":[{"number":1,`},
		{"then the second, as this session has it, in the language asked for", where + "/hints", 201, []string{`{"number":2,"of":2,"text":"secret-hint of ` + team}, `{"number":2,"of":2,`},
		{"then there is none", where + "/hints", 409, []string{`"code":"hints-exhausted"`}, ""},
		{"the solution is shown", where + "/solution", 201, []string{`{"script":"secret-solution\n"}`}, `"solution":"secret-solution\n"`},
		{"and shown again", where + "/solution", 200, []string{`{"script":"secret-solution\n"}`}, ""},
		{"a step without hints has none", "/api/v1/sessions/mine/steps/delete/hints", 409, []string{`"code":"hints-exhausted"`}, ""},
		{"an unknown step has none", "/api/v1/sessions/mine/steps/none/hints", 404, []string{`"code":"not-found"`}, ""},
		{"nor a solution", "/api/v1/sessions/mine/steps/none/solution", 404, []string{`"code":"not-found"`}, ""},
		{"there is no help in another's session", "/api/v1/sessions/bobs/steps/where/hints", 404, []string{`"code":"not-found"`}, ""},
		{"nor in one that has ended", "/api/v1/sessions/over/steps/where/solution", 409, []string{`"code":"session-ended"`}, ""},
	} {
		t.Run(tt.name, func(t *testing.T) {
			w.t = t
			res, body := w.call("POST", tt.path, "")
			if res.StatusCode != tt.status {
				t.Errorf("status %d", res.StatusCode)
			}
			for _, part := range tt.must {
				if !strings.Contains(body, part) {
					t.Errorf("no %s in %s", part, body)
				}
			}
			if tt.news == "" {
				return
			}
			if event := next(); !strings.Contains(event, tt.news) {
				t.Errorf("no %s in %s", tt.news, event)
			}
		})
	}
	w.t = t
	if _, page := w.call("GET", "/sessions/mine", "", "Accept-Language: zh-TW"); !strings.Contains(page, "秘密提示") || !strings.Contains(page, "secret-solution") {
		t.Error("the page does not keep what was given:", page)
	}
	given, err := w.db.Help(t.Context(), "mine")
	if err != nil || len(given) != 3 || given[1].Number != 2 || given[2].Kind != labs.HelpSolution || given[2].At.IsZero() {
		t.Errorf("recorded: %+v, %v", given, err)
	}
}

func TestTheRecapComesWithTheLastStep(t *testing.T) {
	w := soloWorld(t)
	w.call("POST", "/api/v1/sessions/mine/steps/where/attempts", `{"answer":"b"}`)
	if _, body := w.call("GET", "/api/v1/sessions/mine", ""); !strings.Contains(body, `"recap":null`) {
		t.Error("before:", body)
	}
	w.call("POST", "/api/v1/sessions/mine/steps/delete/attempts", "")
	if _, body := w.call("GET", "/api/v1/sessions/mine", ""); !strings.Contains(body, `"recap":{"text":"You **saw** it.","html":`) {
		t.Error("after:", body)
	}
	if _, page := w.call("GET", "/sessions/mine", ""); !strings.Contains(page, "<strong>saw</strong>") || !strings.Contains(page, "Next lab: Second") {
		t.Error("on the page:", page)
	}
	if _, body := w.call("GET", "/api/v1/tracks", ""); !strings.Contains(body, `"progress":{"done":2,"total":2},"session":"mine"}],"progress":{"done":1,"total":2}`) {
		t.Error("in the tracks:", body)
	}
}
