package web

import (
	"net/http"

	"github.com/greenbox-lab/greenbox/labs"
	"github.com/labstack/echo/v4"
)

// GET /api/v1/sessions/{id}
func (s *Server) showSession(c echo.Context, l labs.Learner) error {
	ctx := c.Request().Context()
	session, err := s.own(ctx, l, c.Param("id"))
	if err != nil {
		return err
	}
	body, err := s.sessionBody(ctx, session, s.lang(c))
	if err != nil {
		return err
	}
	return c.JSON(http.StatusOK, body)
}
