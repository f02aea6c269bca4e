package web

import (
	"context"
	"errors"
	"net/http"
	"time"

	"github.com/greenbox-lab/greenbox/labs"
	"github.com/labstack/echo/v4"
)

const restoreTimeout = 3 * time.Minute

// POST /api/v1/sessions/{id}/steps/{step}/restore
func (s *Server) restoreStep(c echo.Context, l labs.Learner) error {
	// A page that goes away must not leave a cluster half restored.
	ctx, cancel := context.WithTimeout(context.WithoutCancel(c.Request().Context()), restoreTimeout)
	defer cancel()
	session, _, step, err := s.ownStep(ctx, l, c.Param("id"), c.Param("step"))
	if err != nil {
		return err
	}
	deadline := time.Now().Add(restoreTimeout + requestTimeout) // other requests take less
	err = http.NewResponseController(c.Response()).SetWriteDeadline(deadline)
	if err != nil && !errors.Is(err, http.ErrNotSupported) {
		return err
	}
	box, err := s.Fleet.Sandbox(ctx, session.ID)
	if err != nil {
		return err
	}
	defer box.Hold()()
	defer s.Grader.Hold(session.ID)()
	if err := box.Restore(ctx, step.ID); err != nil {
		return err
	}
	if session, err = s.own(ctx, l, session.ID); err != nil {
		return err
	}
	body, err := s.sessionBody(ctx, session, s.lang(c))
	if err != nil {
		return err
	}
	return c.JSON(http.StatusOK, body)
}
