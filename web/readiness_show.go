package web

import (
	"context"
	"net/http"
	"time"

	"github.com/labstack/echo/v4"
)

const readyTimeout = 5 * time.Second

// GET /readyz
func (s *Server) showReadiness(c echo.Context) error {
	ctx, cancel := context.WithTimeout(c.Request().Context(), readyTimeout)
	defer cancel()
	if err := s.Progress.Ping(ctx); err != nil {
		return &problem{code: codeNotReady, cause: err}
	}
	if s.Ready == nil {
		return c.JSON(http.StatusOK, map[string]string{"status": "ready"})
	}
	if err := s.Ready(ctx); err != nil {
		return &problem{code: codeNotReady, cause: err}
	}
	return c.JSON(http.StatusOK, map[string]string{"status": "ready"})
}
