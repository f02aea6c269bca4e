package web

import (
	"net/http"

	"github.com/greenbox-lab/greenbox/labs"
	"github.com/labstack/echo/v4"
)

type solutionBody struct {
	Script string `json:"script"`
}

// POST /api/v1/sessions/{id}/steps/{step}/solution
func (s *Server) createSolution(c echo.Context, l labs.Learner) error {
	ctx := c.Request().Context()
	session, step, err := s.helpStep(ctx, l, c.Param("id"), c.Param("step"))
	if err != nil {
		return err
	}
	given, err := s.Progress.Help(ctx, session.ID)
	if err != nil {
		return err
	}
	if _, solution := helped(given, step); solution {
		return c.JSON(http.StatusOK, solutionBody{step.Solution})
	}
	if err := s.give(ctx, labs.Help{SessionID: session.ID, StepID: step.ID, Kind: labs.HelpSolution}); err != nil {
		return err
	}
	return c.JSON(http.StatusCreated, solutionBody{step.Solution})
}
