package web

import (
	"net/http"

	"github.com/greenbox-lab/greenbox/labs"
	"github.com/labstack/echo/v4"
)

type labSummary struct {
	ID      string        `json:"id"`
	Title   string        `json:"title"`
	Summary string        `json:"summary"`
	Minutes int           `json:"minutes"`
	Steps   []stepSummary `json:"steps"`
}

type stepSummary struct {
	ID    string `json:"id"`
	Title string `json:"title"`
}

// GET /api/v1/labs
func (s *Server) listLabs(c echo.Context, _ labs.Learner) error {
	lang, all := s.lang(c), []labSummary{}
	for _, lab := range s.Catalog.Labs() {
		one := labSummary{ID: lab.ID, Title: lab.Title.In(lang), Summary: lab.Summary.In(lang), Minutes: lab.Minutes, Steps: []stepSummary{}}
		for _, step := range lab.Steps {
			one.Steps = append(one.Steps, stepSummary{ID: step.ID, Title: step.Title.In(lang)})
		}
		all = append(all, one)
	}
	return c.JSON(http.StatusOK, all)
}
