package learner_test

import (
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/a-h/templ"
	"github.com/greenbox-lab/greenbox/labs"
	"github.com/greenbox-lab/greenbox/templates/layout"
	"github.com/greenbox-lab/greenbox/templates/learner"
)

func TestPagesSayWhatTheirStateIs(t *testing.T) {
	rows := []struct {
		name string
		page templ.Component
		want []string
		not  []string
	}{
		{
			name: "a lab that was never started has a start button and no progress",
			page: learner.Home(home(learner.LabCard{ID: "one", Title: "One", Minutes: 1, Total: 3})),
			want: []string{`action="/labs/one/start"`, "about 1 minute", "3 steps", `aria-label="Start: One"`},
			not:  []string{"steps passed", "<script"},
		},
		{
			name: "an open session is continued, not started again",
			page: learner.Home(home(learner.LabCard{ID: "one", Title: "One", Done: 1, Total: 3, SessionID: "s1"})),
			want: []string{`href="/sessions/s1"`, "Continue", "1 of 3 steps passed"},
			not:  []string{"/labs/one/start"},
		},
		{
			name: "a finished lab says so and can be started again",
			page: learner.Home(home(learner.LabCard{ID: "one", Title: "One", Done: 3, Total: 3})),
			want: []string{"Completed", "Start again", `data-state="done"`},
		},
		{
			name: "a track has its labs in order, and says how many are done",
			page: learner.Home(learner.HomePage{Page: page(labs.English), Tracks: []learner.TrackView{{ID: "pods", Title: "Pods", Summary: "How.", Done: 1,
				Labs: []learner.LabCard{{ID: "one", Title: "One", Number: 1}, {ID: "two", Title: "Two", Number: 2}}}}}),
			want: []string{`<h2 id="track-pods">Pods</h2>`, "How.", "1 of 2 labs done", `<progress max="2" value="1"`, `>2</span>`},
			not:  []string{"Next for you", "Where you left off", "problem"},
		},
		{
			name: "what is open comes first, then what to do next",
			page: learner.Home(learner.HomePage{Page: page(labs.English), Next: &learner.LabCard{ID: "two", Title: "Two"},
				Resume: []learner.ResumeView{{SessionID: "s1", LabTitle: "One", State: labs.Paused, Done: 1, Total: 3}, {SessionID: "s2", LabTitle: "gone"}}}),
			want: []string{"Where you left off", `href="/sessions/s1"`, "paused", "1 of 3 steps passed", `aria-label="Continue: gone"`, "Next for you", `action="/labs/two/start"`},
			not:  []string{"0 of 0"},
		},
		{
			name: "what is wrong with labs is said with file and line, and nothing as markup",
			page: learner.Home(learner.HomePage{Page: page(labs.English), Problems: []learner.ProblemView{{Where: "mine/lab.yaml:3", What: "unknown field <x>; remove it"}, {What: "no folder"}}}),
			want: []string{"2 problems in your labs", "<code>mine/lab.yaml:3</code>", "unknown field &lt;x&gt;; remove it", "no folder"},
		},
		{
			name: "a queued session tells its place and cannot be checked or typed into",
			page: learner.Lab(lab(func(p *learner.LabPage) { p.State, p.Place = labs.Queued, 4 })),
			want: []string{`data-state="queued"`, `data-slot="place">4<`, `data-slot="button" disabled`},
			not:  []string{`class="place" hidden`},
		},
		{
			name: "a queued session that has no place yet tells none",
			page: learner.Lab(lab(func(p *learner.LabPage) { p.State = labs.Queued })),
			want: []string{`class="place" hidden`},
		},
		{
			name: "a preparing session has passed the earlier stages and not the later ones",
			page: learner.Lab(lab(func(p *learner.LabPage) {
				p.State, p.Stage, p.Elapsed = labs.Preparing, labs.StageControlPlane, 65*time.Second
			})),
			want: []string{
				`data-stage="network" data-progress="done"`, `data-stage="nodes" data-progress="done"`,
				`data-stage="control-plane" data-progress="now"`, `data-stage="setup" data-progress="todo"`, `data-seconds="65">1:05<`,
			},
		},
		{
			name: "a failed session says why, offers another try and has nothing left to end",
			page: learner.Lab(lab(func(p *learner.LabPage) { p.State, p.Error = labs.Broken, "The node <x> did not start." })),
			want: []string{`data-state="failed"`, "The node &lt;x&gt; did not start.", "Try again", `action="/labs/static/start"`, `id="lab-menu" hidden`},
		},
		{
			name: "a ready session has a tab for each node, the first one chosen",
			page: learner.Lab(lab(func(p *learner.LabPage) { p.State = labs.Ready })),
			want: []string{
				"<noscript>",
				`id="tab-controlplane" aria-controls="pane-controlplane" aria-selected="true"`,
				`id="tab-node01" aria-controls="pane-node01" aria-selected="false" tabindex="-1"`,
				`action="/sessions/s1/end"`, "0 of 1 steps",
			},
			not: []string{`data-slot="button" disabled`, "UTC"},
		},
		{
			name: "a session that expires tells when",
			page: learner.Lab(lab(func(p *learner.LabPage) {
				at := time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC)
				p.State, p.Expires = labs.Ready, &at
			})),
			want: []string{`datetime="2026-01-02T03:04:05Z"`},
		},
		{
			name: "at the limit each open session can be ended in favour of the new lab",
			page: learner.Limit(learner.LimitPage{Page: page(labs.English), LabID: "two", LabTitle: "Two",
				Open: []learner.OpenSession{{ID: "s1", LabTitle: "One", State: labs.Ready}}}),
			want: []string{"“Two”", `action="/sessions/s1/end"`, `name="start" value="two"`, "running", `href="/?lang=zh-TW"`},
		},
		{
			name: "an error page says what happened and leads home",
			page: learner.Error(learner.ErrorPage{Page: page(labs.English), Status: 404, Title: "Not found", Detail: "There is nothing here."}),
			want: []string{"Error 404", "Not found", "There is nothing here.", `href="/"`},
			not:  []string{"<script"},
		},
	}
	for _, row := range rows {
		t.Run(row.name, func(t *testing.T) {
			html := render(t, row.page)
			for _, want := range row.want {
				if !strings.Contains(html, want) {
					t.Errorf("%q is missing", want)
				}
			}
			for _, not := range row.not {
				if strings.Contains(html, not) {
					t.Errorf("%q is there", not)
				}
			}
		})
	}
}

func TestStepShowsItsLastAttempt(t *testing.T) {
	rows := []struct {
		name string
		step learner.StepView
		want []string
	}{
		{
			name: "before the first attempt there is no verdict",
			step: learner.StepView{ID: "a", Points: 1},
			want: []string{`data-step="a" data-verdict=""`, ">Check<", "1 point<", `data-verdict="" hidden`},
		},
		{
			name: "a failed check says what was seen, code as code, and nothing as markup",
			step: learner.StepView{ID: "a", Points: 3, Verdict: labs.Failed, Last: &learner.AttemptView{
				Verdict: labs.Failed, Points: 1, MaxPoints: 3,
				Checks: []learner.CheckView{
					{ID: "x", Verdict: labs.Failed, Message: "Look at `/etc` & <b>there</b>", MaxPoints: 2},
					{ID: "y", Verdict: labs.Passed, Points: 1, MaxPoints: 1},
				},
			}},
			want: []string{"Not yet. Points: 1 of 3.", "<code>/etc</code>", "&amp; &lt;b&gt;", "0 / 2", "Passed.", "1 / 1", "Check again"},
		},
		{
			name: "a step once passed stays so though a later attempt failed",
			step: learner.StepView{ID: "a", Verdict: labs.Passed, Last: &learner.AttemptView{Verdict: labs.Failed, MaxPoints: 1}},
			want: []string{`data-step="a" data-verdict="passed"`, "Not yet. Points: 0 of 1.", "1 of 1 steps"},
		},
		{
			name: "an attempt we could not judge is our fault",
			step: learner.StepView{ID: "a", Verdict: labs.Errored, Last: &learner.AttemptView{Verdict: labs.Errored}},
			want: []string{`data-verdict="errored"`, "That is our fault"},
		},
		{
			name: "what cannot be mended is said, with the way back",
			step: learner.StepView{ID: "a", Verdict: labs.Failed, Last: &learner.AttemptView{Verdict: labs.Failed, Lost: "The API server’s manifest is gone."}},
			want: []string{`data-slot="lost"><p data-slot="lost-text">The API server’s manifest is gone.</p><button type="button" class="button small" data-action="reset">`},
		},
		{
			name: "a question is asked with a label and keeps the answer",
			step: learner.StepView{ID: "a", Question: &learner.QuestionView{Kind: labs.AnswerText}, Answer: `/etc"x`},
			want: []string{`<label for="answer-a">`, `id="answer-a"`, `value="/etc&#34;x"`},
		},
		{
			name: "a number is asked with the keys for it",
			step: learner.StepView{ID: "a", Question: &learner.QuestionView{Kind: labs.AnswerNumber}},
			want: []string{`inputmode="decimal"`},
		},
		{
			name: "a choice is a group of which the last answer is chosen",
			step: learner.StepView{ID: "a", Answer: "n", Question: &learner.QuestionView{
				Kind: labs.AnswerChoice, Choices: []learner.ChoiceView{{ID: "y", Text: "Yes"}, {ID: "n", Text: "No"}},
			}},
			want: []string{"<fieldset", "<legend>Choose one</legend>", `value="y">`, `value="n" checked>`},
		},
	}
	for _, row := range rows {
		t.Run(row.name, func(t *testing.T) {
			html := render(t, learner.Lab(lab(func(p *learner.LabPage) {
				p.State, p.Steps = labs.Ready, []learner.StepView{row.step}
			})))
			for _, want := range row.want {
				if !strings.Contains(html, want) {
					t.Errorf("%q is missing", want)
				}
			}
		})
	}
}

func TestHelpIsWhatWasAskedFor(t *testing.T) {
	html := render(t, learner.Lab(lab(func(p *learner.LabPage) {
		p.State = labs.Ready
		p.Steps = []learner.StepView{
			{ID: "a", HintsOf: 2, HintsHTML: []string{"<p>Look <code>there</code>.</p>"}},
			{ID: "b", HintsOf: 1, HintsHTML: []string{"<p>Only one.</p>"}, Solution: "kubectl get <pods>"},
			{ID: "c"},
		}
	})))
	for _, want := range []string{
		`data-slot="hint" aria-disabled="false">Hint 2 of 2<`, `<h3 data-slot="name">Hint 1 of 2</h3>`, "<p>Look <code>there</code>.</p>",
		`data-slot="hint" aria-disabled="true">All hints shown<`, `aria-disabled="true">Solution shown<`, "kubectl get &lt;pods&gt;",
		`data-slot="hint" aria-disabled="true" hidden>`, `aria-disabled="false">Show the solution…<`, `data-slot="solution" hidden`,
	} {
		if !strings.Contains(html, want) {
			t.Errorf("%q is missing", want)
		}
	}
}

func TestOnlyTheStepToDoIsOpen(t *testing.T) {
	html := render(t, learner.Lab(lab(func(p *learner.LabPage) {
		p.Steps = []learner.StepView{{ID: "a", Verdict: labs.Passed}, {ID: "b", Verdict: labs.Failed}, {ID: "c"}}
	})))
	for part, open := range map[string]bool{
		`data-step="a" data-verdict="passed"><details class="fold"`: false,
		`data-step="b" data-verdict="failed"><details class="fold"`: true,
		`data-step="c" data-verdict=""><details class="fold"`:       false,
	} {
		_, rest, found := strings.Cut(html, part)
		if !found || strings.HasPrefix(rest, " open") != open {
			t.Errorf("%s: open is not %t", part, open)
		}
	}
}

func TestTheLastStepLeadsOn(t *testing.T) {
	html := render(t, learner.Lab(lab(func(p *learner.LabPage) {
		p.State, p.RecapHTML, p.Next = labs.Ready, "<p>You saw it.</p>", &learner.NextLab{ID: "two", Title: "Two"}
		p.Steps = []learner.StepView{{ID: "a", Verdict: labs.Passed}}
	})))
	for _, want := range []string{"<p>You saw it.</p>", "Next lab: Two", `name="start" value="two"`} {
		if !strings.Contains(html, want) {
			t.Errorf("%q is missing", want)
		}
	}
}

func TestWellDoneShowsOnlyWhenEveryStepPassed(t *testing.T) {
	for verdict, hidden := range map[labs.Verdict]bool{labs.Passed: false, labs.Failed: true} {
		html := render(t, learner.Lab(lab(func(p *learner.LabPage) {
			p.State, p.Steps = labs.Ready, []learner.StepView{{ID: "a", Verdict: verdict}}
		})))
		if got := strings.Contains(html, `aria-labelledby="done-title" hidden`); got != hidden {
			t.Errorf("%s: hidden is %t, want %t", verdict, got, hidden)
		}
	}
}

func TestPagesInBothLanguages(t *testing.T) {
	for lang, other := range map[labs.Lang]labs.Lang{labs.English: labs.TraditionalChinese, labs.TraditionalChinese: labs.English} {
		html := render(t, learner.Lab(lab(func(p *learner.LabPage) { p.Lang, p.State = lang, labs.Ready })))
		for _, want := range []string{`<html lang="` + string(lang) + `"`, `href="?lang=` + string(other) + `"`} {
			if !strings.Contains(html, want) {
				t.Errorf("%s: %q is missing", lang, want)
			}
		}
		if id := regexp.MustCompile(`>(js|lab|step|stage|wait|terminal)\.[a-z.-]+<`).FindString(html); id != "" {
			t.Errorf("%s: the id of a text is shown instead of the text: %s", lang, id)
		}
	}
}

// The pages' Content-Security-Policy allows no inline script.
func TestScriptsAreFilesOrData(t *testing.T) {
	html := render(t, learner.Lab(lab(func(p *learner.LabPage) { p.TextHTML = "<p>Text</p>" })))
	for _, script := range regexp.MustCompile(`<script[^>]*>`).FindAllString(html, -1) {
		if !strings.Contains(script, `src="/app.js"`) && !strings.Contains(script, `type="application/json"`) {
			t.Errorf("%s is inline", script)
		}
	}
	if handler := regexp.MustCompile(` on[a-z]+=`).FindString(html); handler != "" {
		t.Errorf("there is an inline handler:%s", handler)
	}
	if !strings.Contains(html, "<p>Text</p>") {
		t.Error("sanitised HTML is not shown as it is")
	}
}

func page(lang labs.Lang) layout.Page {
	return layout.Page{Lang: lang, Assets: layout.Assets{Script: "/app.js", Style: "/app.css", Icon: "/icon.svg"}}
}

func home(cards ...learner.LabCard) learner.HomePage {
	return learner.HomePage{Page: page(labs.English), Tracks: []learner.TrackView{{ID: "first", Title: "First", Summary: "How.", Labs: cards}}}
}

func lab(change func(*learner.LabPage)) learner.LabPage {
	p := learner.LabPage{
		Page: page(labs.English), SessionID: "s1", LabID: "static", Title: "Static Pods", Nodes: labs.Nodes(),
		Steps: []learner.StepView{{ID: "where", Title: "Where?", Points: 2}},
	}
	change(&p)
	return p
}

func render(t *testing.T, page templ.Component) string {
	t.Helper()
	var html strings.Builder
	if err := page.Render(t.Context(), &html); err != nil {
		t.Fatal(err)
	}
	return html.String()
}
