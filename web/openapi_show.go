package web

import (
	_ "embed"
	"net/http"

	"github.com/labstack/echo/v4"
)

//go:embed openapi.json
var openAPI []byte

// GET /api/v1/openapi.json
func (s *Server) showOpenAPI(c echo.Context) error {
	return c.JSONBlob(http.StatusOK, openAPI)
}
