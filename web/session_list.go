package web

import (
	"net/http"

	"github.com/greenbox-lab/greenbox/labs"
	"github.com/labstack/echo/v4"
)

// GET /api/v1/sessions
func (s *Server) listSessions(c echo.Context, l labs.Learner) error {
	ctx, lang, all := c.Request().Context(), s.lang(c), []sessionBody{}
	sessions, err := s.live(ctx, l)
	if err != nil {
		return err
	}
	for _, session := range sessions {
		body, err := s.sessionBody(ctx, session, lang)
		if err != nil {
			return err
		}
		all = append(all, body)
	}
	return c.JSON(http.StatusOK, all)
}
