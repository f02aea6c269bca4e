package web

import (
	"context"
	"net/http"
	"time"

	"github.com/greenbox-lab/greenbox/labs"
	"github.com/labstack/echo/v4"
)

const (
	maxAnswer      = 4 << 10
	attemptTimeout = 90 * time.Second // judging takes at most 30 s, resuming a paused cluster comes first
)

// POST /api/v1/sessions/{id}/steps/{step}/attempts
func (s *Server) createAttempt(c echo.Context, l labs.Learner) error {
	// A page that goes away, or is reloaded, does not undo its attempt.
	ctx, cancel := context.WithTimeout(context.WithoutCancel(c.Request().Context()), attemptTimeout)
	defer cancel()
	session, lab, step, err := s.ownStep(ctx, l, c.Param("id"), c.Param("step"))
	if err != nil {
		return err
	}
	var body struct {
		Answer string `json:"answer"`
	}
	if err := readBody(c, &body); err != nil {
		return err
	}
	if len(body.Answer) > maxAnswer {
		return &problem{code: codeAnswerTooLong}
	}
	target, err := s.Fleet.Sandbox(ctx, session.ID)
	if err != nil {
		return err
	}
	defer target.Hold()()
	attempt, err := s.Grader.Grade(ctx, session, lab, step, body.Answer, target)
	if err != nil {
		return err
	}
	s.metrics.attempts.WithLabelValues(string(attempt.Verdict)).Inc()
	return c.JSON(http.StatusCreated, newAttemptBody(attempt, s.lang(c)))
}

// ownStep returns the learner's session, and its lab and a step of it as that session sees them.
func (s *Server) ownStep(ctx context.Context, l labs.Learner, id, stepID string) (labs.Session, labs.Lab, labs.Step, error) {
	session, err := s.own(ctx, l, id)
	if err != nil {
		return session, labs.Lab{}, labs.Step{}, err
	}
	lab, err := s.labOf(session)
	if err != nil {
		return session, lab, labs.Step{}, err
	}
	step, err := lab.Step(stepID)
	return session, lab, step, err
}
