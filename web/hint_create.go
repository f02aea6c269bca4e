package web

import (
	"context"
	"net/http"
	"time"

	"github.com/greenbox-lab/greenbox/labs"
	"github.com/labstack/echo/v4"
)

type hintBody struct {
	Number int `json:"number"`
	Of     int `json:"of"`
	proseBody
}

// POST /api/v1/sessions/{id}/steps/{step}/hints
func (s *Server) createHint(c echo.Context, l labs.Learner) error {
	ctx := c.Request().Context()
	session, step, err := s.helpStep(ctx, l, c.Param("id"), c.Param("step"))
	if err != nil {
		return err
	}
	given, err := s.Progress.Help(ctx, session.ID)
	if err != nil {
		return err
	}
	hints, _ := helped(given, step)
	if hints == len(step.Hints) {
		return &problem{code: codeHintsExhausted}
	}
	body, err := s.hintBody(step, hints+1, s.lang(c))
	if err != nil {
		return err
	}
	if err := s.give(ctx, labs.Help{SessionID: session.ID, StepID: step.ID, Kind: labs.HelpHint, Number: body.Number}); err != nil {
		return err
	}
	return c.JSON(http.StatusCreated, body)
}

// helpStep returns the step of an open session; in one that has ended there is
// nothing left to help with.
func (s *Server) helpStep(ctx context.Context, l labs.Learner, id, stepID string) (labs.Session, labs.Step, error) {
	session, _, step, err := s.ownStep(ctx, l, id, stepID)
	if err == nil && !session.Open() {
		err = labs.ErrEnded
	}
	return session, step, err
}

// give records that help was given, now, and says so.
func (s *Server) give(ctx context.Context, help labs.Help) error {
	help.At = time.Now()
	if err := s.Progress.SaveHelp(ctx, help); err != nil {
		return err
	}
	s.Feed.Publish(labs.HelpGiven{Help: help})
	return nil
}

func (s *Server) hintBody(step labs.Step, number int, lang labs.Lang) (hintBody, error) {
	text, err := s.prose(step.Hints[number-1], lang)
	return hintBody{number, len(step.Hints), text}, err
}
