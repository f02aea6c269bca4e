package web

import (
	"context"
	"net/http"

	"github.com/greenbox-lab/greenbox/labs"
	"github.com/labstack/echo/v4"
)

// POST /sessions/{id}/end: with the form value start, that lab is started next.
func (s *Server) endSession(c echo.Context, l labs.Learner) error {
	if err := c.Request().ParseForm(); err != nil {
		return &problem{code: codeBodyInvalid, cause: err}
	}
	ctx := c.Request().Context()
	session, err := s.own(ctx, l, c.Param("id"))
	if err != nil {
		return err
	}
	if err := s.Fleet.End(context.WithoutCancel(ctx), session.ID); err != nil {
		return err
	}
	if next := c.Request().PostForm.Get("start"); next != "" {
		return s.start(c, l, next)
	}
	return c.Redirect(http.StatusSeeOther, "/")
}
