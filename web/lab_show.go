package web

import (
	"context"
	"net/http"

	"github.com/greenbox-lab/greenbox/labs"
	"github.com/labstack/echo/v4"
)

type labBody struct {
	ID      string     `json:"id"`
	Title   string     `json:"title"`
	Summary string     `json:"summary"`
	Minutes int        `json:"minutes"`
	Text    string     `json:"text"`
	Steps   []stepBody `json:"steps"`
}

type stepBody struct {
	ID     string      `json:"id"`
	Title  string      `json:"title"`
	Text   string      `json:"text"`
	Points int         `json:"points"`
	Answer *answerBody `json:"answer"`
}

type answerBody struct {
	Kind    labs.AnswerKind `json:"kind"`
	Choices []choiceBody    `json:"choices"`
}

type choiceBody struct {
	ID   string `json:"id"`
	Text string `json:"text"`
}

// GET /api/v1/labs/{lab}
func (s *Server) showLab(c echo.Context, l labs.Learner) error {
	lab, err := s.labFor(c.Request().Context(), l, c.Param("lab"))
	if err != nil {
		return err
	}
	lang := s.lang(c)
	body := labBody{ID: lab.ID, Title: lab.Title.In(lang), Summary: lab.Summary.In(lang), Minutes: lab.Minutes,
		Text: lab.Text.In(lang), Steps: []stepBody{}}
	for _, step := range lab.Steps {
		body.Steps = append(body.Steps, stepBody{ID: step.ID, Title: step.Title.In(lang), Text: step.Text.In(lang),
			Points: step.Points(), Answer: question(step.Question(), lang)})
	}
	return c.JSON(http.StatusOK, body)
}

// labFor returns a lab as the learner's open session sees it, or where there is
// none as it is written.
func (s *Server) labFor(ctx context.Context, l labs.Learner, id string) (labs.Lab, error) {
	lab, err := s.Catalog.Lab(id)
	if err != nil {
		return lab, err
	}
	sessions, err := s.Progress.SessionsOf(ctx, l.ID)
	if err != nil {
		return lab, err
	}
	for _, session := range sessions {
		if session.Open() && session.LabID == id {
			return lab.For(session.ID), nil
		}
	}
	return lab, nil
}

// question shows what is asked, never what is expected; nil for nothing.
func question(q *labs.AnswerCheck, lang labs.Lang) *answerBody {
	if q == nil {
		return nil
	}
	body := &answerBody{Kind: q.Kind, Choices: []choiceBody{}}
	for _, choice := range q.Choices {
		body.Choices = append(body.Choices, choiceBody{ID: choice.ID, Text: choice.Text.In(lang)})
	}
	return body
}
