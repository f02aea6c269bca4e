package web

import (
	"net/http"

	"github.com/labstack/echo/v4"
)

// GET /healthz
func (s *Server) showHealth(c echo.Context) error {
	return c.JSON(http.StatusOK, map[string]string{"status": "ok"})
}
