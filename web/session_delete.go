package web

import (
	"context"
	"net/http"

	"github.com/greenbox-lab/greenbox/labs"
	"github.com/labstack/echo/v4"
)

// DELETE /api/v1/sessions/{id}
func (s *Server) deleteSession(c echo.Context, l labs.Learner) error {
	ctx := c.Request().Context()
	session, err := s.own(ctx, l, c.Param("id"))
	if err != nil {
		return err
	}
	// What was begun is finished, whether or not the client waits for it.
	if err := s.Fleet.End(context.WithoutCancel(ctx), session.ID); err != nil {
		return err
	}
	return c.NoContent(http.StatusNoContent)
}
