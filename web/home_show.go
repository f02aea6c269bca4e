package web

import (
	"net/http"

	"github.com/greenbox-lab/greenbox/labs"
	"github.com/greenbox-lab/greenbox/templates/learner"
	"github.com/labstack/echo/v4"
)

// GET /
func (s *Server) showHome(c echo.Context, l labs.Learner) error {
	ctx, lang := c.Request().Context(), s.pageLang(c)
	sessions, err := s.live(ctx, l)
	if err != nil {
		return err
	}
	passed, err := s.Progress.PassedSteps(ctx, l.ID)
	if err != nil {
		return err
	}
	open := map[string]string{}
	for _, session := range sessions {
		if session.Open() {
			open[session.LabID] = session.ID
		}
	}
	page := learner.HomePage{Page: s.page(lang)}
	for _, lab := range s.Catalog.Labs() {
		page.Labs = append(page.Labs, learner.LabCard{ID: lab.ID, Title: lab.Title.In(lang), Summary: lab.Summary.In(lang),
			Minutes: lab.Minutes, Done: countPassed(lab, passed[lab.ID]), Total: len(lab.Steps), SessionID: open[lab.ID]})
	}
	return render(c, http.StatusOK, learner.Home(page))
}

// countPassed leaves out steps that the lab no longer has.
func countPassed(lab labs.Lab, passed map[string]bool) int {
	n := 0
	for _, step := range lab.Steps {
		if passed[step.ID] {
			n++
		}
	}
	return n
}
