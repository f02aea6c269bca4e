package web

import (
	"context"
	"errors"
	"net/http"
	"time"

	"github.com/greenbox-lab/greenbox/labs"
	"github.com/greenbox-lab/greenbox/templates/learner"
	"github.com/labstack/echo/v4"
)

// GET /sessions/{id}
func (s *Server) showSessionPage(c echo.Context, l labs.Learner) error {
	ctx, lang := c.Request().Context(), s.pageLang(c)
	session, err := s.own(ctx, l, c.Param("id"))
	if err != nil {
		return err
	}
	lab, err := s.Catalog.Lab(session.LabID)
	if err != nil && !errors.Is(err, labs.ErrNotFound) {
		return err
	}
	page := learner.LabPage{Page: s.page(lang), SessionID: session.ID, LabID: session.LabID, Title: s.labTitle(session.LabID, lang),
		State: session.State, Stage: session.Stage, Place: session.Place, Elapsed: time.Since(session.CreatedAt),
		Error: session.Error, Nodes: labs.Nodes()}
	if session.Open() && !session.ExpiresAt.IsZero() {
		page.Expires = &session.ExpiresAt
	}
	if page.TextHTML, err = s.markdown.html(lab.Text.In(lang)); err != nil {
		return err
	}
	if page.Steps, err = s.stepViews(ctx, session, lab, lang); err != nil {
		return err
	}
	return render(c, http.StatusOK, learner.Lab(page))
}

func (s *Server) stepViews(ctx context.Context, session labs.Session, lab labs.Lab, lang labs.Lang) ([]learner.StepView, error) {
	verdicts, err := s.Progress.Verdicts(ctx, session.ID, lab.Steps)
	if err != nil {
		return nil, err
	}
	latest, err := s.Progress.LatestAttempts(ctx, session.ID)
	if err != nil {
		return nil, err
	}
	views := make([]learner.StepView, len(lab.Steps))
	for i, step := range lab.Steps {
		html, err := s.markdown.html(step.Text.In(lang))
		if err != nil {
			return nil, err
		}
		views[i] = learner.StepView{ID: step.ID, Title: step.Title.In(lang), TextHTML: html, Points: step.Points(),
			Question: questionView(step.Question(), lang)}
		if v := verdicts[i].Verdict; v != nil {
			views[i].Verdict = *v
			views[i].Answer, views[i].Last = latest[step.ID].Answer, attemptView(latest[step.ID], lang)
		}
	}
	return views, nil
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
	view := &learner.AttemptView{Verdict: a.Verdict, Points: a.Points, MaxPoints: a.MaxPoints}
	for _, c := range a.Checks {
		view.Checks = append(view.Checks, learner.CheckView{ID: c.ID, Verdict: c.Verdict, Message: c.Message.In(lang),
			Points: c.Points, MaxPoints: c.MaxPoints})
	}
	return view
}
