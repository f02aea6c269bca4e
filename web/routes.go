package web

import (
	"github.com/greenbox-lab/greenbox/labs"
	"github.com/labstack/echo/v4"
)

// handler answers a request of a learner.
type handler func(c echo.Context, learner labs.Learner) error

func (s *Server) routes() {
	e := s.echo
	e.HideBanner, e.HidePort = true, true
	e.HTTPErrorHandler = s.fail
	e.Use(s.observe, s.recoverPanic, secureHeaders, s.checkHost, refuseForeign, limitBody)

	api := e.Group("/api/v1")
	api.GET("/openapi.json", s.showOpenAPI)
	api.POST("/logins", s.createLogin)
	api.GET("/tracks", s.as(s.listTracks))
	api.GET("/labs", s.as(s.listLabs))
	api.GET("/labs/:lab", s.as(s.showLab))
	api.POST("/labs/:lab/sessions", s.as(s.createSession))
	api.GET("/sessions", s.as(s.listSessions))
	api.GET("/sessions/:id", s.as(s.showSession))
	api.DELETE("/sessions/:id", s.as(s.deleteSession))
	api.POST("/sessions/:id/presence", s.as(s.noteSessionPresence))
	api.POST("/sessions/:id/extend", s.as(s.extendSession))
	api.POST("/sessions/:id/reset", s.as(s.resetSession))
	api.POST("/sessions/:id/steps/:step/attempts", s.as(s.createAttempt))
	api.POST("/sessions/:id/steps/:step/hints", s.as(s.createHint))
	api.POST("/sessions/:id/steps/:step/solution", s.as(s.createSolution))
	api.POST("/sessions/:id/steps/:step/restore", s.as(s.restoreStep))
	api.GET("/sessions/:id/archive", s.as(s.showArchive))
	api.GET("/sessions/:id/events", s.as(s.streamEvents))
	api.GET("/sessions/:id/terminals/:node", s.as(s.attachTerminal))

	e.GET("/", s.as(s.showHome))
	e.POST("/labs/:lab/start", s.as(s.startLab))
	e.GET("/sessions/:id", s.as(s.showSessionPage))
	e.POST("/sessions/:id/end", s.as(s.endSession))
	e.GET("/static/*", s.showAsset)

	e.GET("/healthz", s.showHealth)
	e.GET("/readyz", s.showReadiness)
	e.GET("/metrics", s.showMetrics())
}

// as finds out who asks, and answers 401 for nobody.
func (s *Server) as(h handler) echo.HandlerFunc {
	return func(c echo.Context) error {
		l, err := s.authorize(c.Request())
		if err != nil {
			return err
		}
		c.Set(learnerKey, l.ID)
		return h(c, l)
	}
}
