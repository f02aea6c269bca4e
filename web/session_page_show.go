package web

import (
	"context"
	"net/http"
	"slices"
	"time"

	"github.com/greenbox-lab/greenbox/labs"
	"github.com/greenbox-lab/greenbox/templates/learner"
	"github.com/labstack/echo/v4"
)

const presenceEvery = time.Minute // at most, between two signs of a visible page

// GET /sessions/{id}
func (s *Server) showSessionPage(c echo.Context, l labs.Learner) error {
	ctx, lang := c.Request().Context(), s.pageLang(c)
	session, err := s.own(ctx, l, c.Param("id"))
	if err != nil {
		return err
	}
	st, err := s.standing(ctx, session)
	if err != nil {
		return err
	}
	page := learner.LabPage{Page: s.page(lang), SessionID: session.ID, LabID: session.LabID, Title: s.labTitle(session, lang),
		State: session.State, Stage: session.Stage, Place: session.Place, Wait: session.Wait, Elapsed: time.Since(latest(latest(session.CreatedAt, session.ResetAt), session.ReplacedAt)),
		ResetAt: session.ResetAt, ReplacedAt: session.ReplacedAt, Error: session.Error, Nodes: labs.Nodes(), Next: s.nextLab(session.LabID, lang),
		Created: session.CreatedAt, Now: time.Now(), Presence: min(presenceEvery, s.IdlePause/3)}
	page.Archive = s.Archives.Archive(session.ID)
	if session.Open() && !session.ExpiresAt.IsZero() {
		page.Expires = timeBody(session.ExpiresAt)
		page.Latest = timeBody(s.extendableUntil(session))
	}
	if page.Others, err = s.othersOpen(ctx, l, session); err != nil {
		return err
	}
	if page.TextHTML, err = s.markdown.html(st.lab.Text.In(lang)); err != nil {
		return err
	}
	if st.done() {
		if page.RecapHTML, err = s.markdown.html(st.lab.Recap.In(lang)); err != nil {
			return err
		}
	}
	if page.Steps, err = s.stepViews(ctx, session, st, lang); err != nil {
		return err
	}
	return render(c, http.StatusOK, learner.Lab(page))
}

// othersOpen reports whether the learner has further sessions to end.
func (s *Server) othersOpen(ctx context.Context, l labs.Learner, session labs.Session) (bool, error) {
	all, err := s.live(ctx, l)
	return slices.ContainsFunc(all, func(other labs.Session) bool { return other.Open() && other.ID != session.ID }), err
}

func latest(a, b time.Time) time.Time {
	if b.After(a) {
		return b
	}
	return a
}

// nextLab is the lab that follows in the order of the tracks, or nil.
func (s *Server) nextLab(id string, lang labs.Lang) *learner.NextLab {
	found := false
	for _, track := range s.Catalog.Tracks() {
		for _, next := range track.Labs {
			lab, err := s.Catalog.Lab(next)
			if found && err == nil {
				return &learner.NextLab{ID: lab.ID, Title: lab.For("").Title.In(lang)}
			}
			found = found || next == id
		}
	}
	return nil
}

func (s *Server) stepViews(ctx context.Context, session labs.Session, st standing, lang labs.Lang) ([]learner.StepView, error) {
	attempts, err := s.Progress.LatestAttempts(ctx, session.ID)
	if err != nil {
		return nil, err
	}
	views := make([]learner.StepView, len(st.steps))
	for i, at := range st.steps {
		if views[i], err = s.stepView(at, lang); err != nil {
			return nil, err
		}
		if attempt, ok := attempts[at.step.ID]; ok && at.verdict != nil {
			views[i].Verdict, views[i].Answer, views[i].Last = *at.verdict, attempt.Answer, attemptView(attempt, lang)
		}
	}
	return views, nil
}

// stepView shows a step and the help that was given, not yet what became of it.
func (s *Server) stepView(at stepStanding, lang labs.Lang) (learner.StepView, error) {
	view := learner.StepView{ID: at.step.ID, Title: at.step.Title.In(lang), Points: at.step.Points(),
		Question: questionView(at.step.Question(), lang), HintsOf: len(at.step.Hints)}
	var err error
	if view.TextHTML, err = s.markdown.html(at.step.Text.In(lang)); err != nil {
		return view, err
	}
	for _, hint := range at.step.Hints[:at.hints] {
		html, err := s.markdown.html(hint.In(lang))
		if err != nil {
			return view, err
		}
		view.HintsHTML = append(view.HintsHTML, html)
	}
	if at.solution {
		view.Solution = at.step.Solution
	}
	return view, nil
}

func questionView(q *labs.AnswerCheck, lang labs.Lang) *learner.QuestionView {
	if q == nil {
		return nil
	}
	view := &learner.QuestionView{Kind: q.Kind}
	for _, choice := range q.Choices {
		view.Choices = append(view.Choices, learner.ChoiceView{ID: choice.ID, Text: choice.Text.In(lang)})
	}
	return view
}

func attemptView(a labs.Attempt, lang labs.Lang) *learner.AttemptView {
	view := &learner.AttemptView{Verdict: a.Verdict, Points: a.Points, MaxPoints: a.MaxPoints, Lost: a.Lost.In(lang)}
	for _, c := range a.Checks {
		view.Checks = append(view.Checks, learner.CheckView{ID: c.ID, Verdict: c.Verdict, Message: c.Message.In(lang),
			Points: c.Points, MaxPoints: c.MaxPoints})
	}
	return view
}
