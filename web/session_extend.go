package web

import (
	"context"
	"net/http"
	"time"

	"github.com/greenbox-lab/greenbox/labs"
	"github.com/labstack/echo/v4"
)

// POST /api/v1/sessions/{id}/extend
func (s *Server) extendSession(c echo.Context, l labs.Learner) error {
	ctx := c.Request().Context()
	session, err := s.own(ctx, l, c.Param("id"))
	if err != nil {
		return err
	}
	if err := s.Fleet.Extend(context.WithoutCancel(ctx), session.ID); err != nil {
		return err
	}
	if session, err = s.own(ctx, l, session.ID); err != nil {
		return err
	}
	body, err := s.sessionBody(ctx, session, s.lang(c))
	if err != nil {
		return err
	}
	return c.JSON(http.StatusOK, body)
}

// extendableUntil is the latest end that extensions can give an open session;
// zero when its end cannot be put off, or when it has none.
func (s *Server) extendableUntil(now labs.Session) time.Time {
	last := now.CreatedAt.Add(s.MaxLifetime)
	if !now.Open() || now.ExpiresAt.IsZero() || !now.ExpiresAt.Before(last) {
		return time.Time{}
	}
	return last
}
