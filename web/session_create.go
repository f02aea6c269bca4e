package web

import (
	"net/http"

	"github.com/greenbox-lab/greenbox/labs"
	"github.com/labstack/echo/v4"
)

// POST /api/v1/labs/{lab}/sessions
func (s *Server) createSession(c echo.Context, l labs.Learner) error {
	lab, err := s.Catalog.Lab(c.Param("lab"))
	if err != nil {
		return err
	}
	if err := readBody(c, &struct{}{}); err != nil {
		return err
	}
	ctx := c.Request().Context()
	session, created, err := s.Fleet.Start(ctx, l, lab)
	if err != nil {
		return err
	}
	body, err := s.sessionBody(ctx, session, s.lang(c))
	if err != nil {
		return err
	}
	if !created {
		return c.JSON(http.StatusOK, body)
	}
	c.Response().Header().Set(echo.HeaderLocation, "/api/v1/sessions/"+session.ID)
	return c.JSON(http.StatusCreated, body)
}
