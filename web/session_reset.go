package web

import (
	"context"
	"net/http"

	"github.com/greenbox-lab/greenbox/labs"
	"github.com/labstack/echo/v4"
)

// POST /api/v1/sessions/{id}/reset
func (s *Server) resetSession(c echo.Context, l labs.Learner) error {
	ctx := context.WithoutCancel(c.Request().Context()) // what was begun is finished
	session, err := s.own(ctx, l, c.Param("id"))
	if err != nil {
		return err
	}
	if err := s.Fleet.Reset(ctx, session.ID); err != nil {
		return err
	}
	if session, err = s.own(ctx, l, session.ID); err != nil {
		return err
	}
	body, err := s.sessionBody(ctx, session, s.lang(c))
	if err != nil {
		return err
	}
	return c.JSON(http.StatusAccepted, body)
}
