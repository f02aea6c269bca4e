package web

import (
	"net/http"

	"github.com/greenbox-lab/greenbox/labs"
	"github.com/labstack/echo/v4"
)

// POST /api/v1/sessions/{id}/presence
func (s *Server) noteSessionPresence(c echo.Context, l labs.Learner) error {
	ctx := c.Request().Context()
	session, err := s.own(ctx, l, c.Param("id"))
	if err != nil {
		return err
	}
	if err := s.Fleet.Touch(ctx, session.ID); err != nil {
		return err
	}
	return c.NoContent(http.StatusNoContent)
}
