package web

import (
	"cmp"
	"net/http"
	"slices"

	"github.com/greenbox-lab/greenbox/labs"
	"github.com/labstack/echo/v4"
)

type labSummary struct {
	ID       string        `json:"id"`
	Title    string        `json:"title"`
	Summary  string        `json:"summary"`
	Minutes  int           `json:"minutes"`
	Track    string        `json:"track"`
	Steps    []stepSummary `json:"steps"`
	Progress progressBody  `json:"progress"`
	Session  *string       `json:"session"`
}

type stepSummary struct {
	ID    string `json:"id"`
	Title string `json:"title"`
}

type progressBody struct {
	Done  int `json:"done"`
	Total int `json:"total"`
}

// GET /api/v1/labs
func (s *Server) listLabs(c echo.Context, l labs.Learner) error {
	o, err := s.overview(c.Request().Context(), l)
	if err != nil {
		return err
	}
	lang, all := s.lang(c), []labSummary{}
	for _, lab := range o.labs() {
		all = append(all, newLabSummary(lab, lang))
	}
	slices.SortFunc(all, func(a, b labSummary) int { return cmp.Compare(a.ID, b.ID) })
	return c.JSON(http.StatusOK, all)
}

func newLabSummary(lab labView, lang labs.Lang) labSummary {
	body := labSummary{ID: lab.ID, Title: lab.Title.In(lang), Summary: lab.Summary.In(lang), Minutes: lab.Minutes, Track: lab.track,
		Steps: []stepSummary{}, Progress: progressBody{lab.passed, len(lab.Steps)}}
	for _, step := range lab.Steps {
		body.Steps = append(body.Steps, stepSummary{ID: step.ID, Title: step.Title.In(lang)})
	}
	if lab.session != "" {
		body.Session = &lab.session
	}
	return body
}
