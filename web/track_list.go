package web

import (
	"net/http"

	"github.com/greenbox-lab/greenbox/labs"
	"github.com/labstack/echo/v4"
)

type trackBody struct {
	ID       string       `json:"id"`
	Title    string       `json:"title"`
	Summary  string       `json:"summary"`
	Labs     []labSummary `json:"labs"`
	Progress progressBody `json:"progress"`
}

// GET /api/v1/tracks
func (s *Server) listTracks(c echo.Context, l labs.Learner) error {
	o, err := s.overview(c.Request().Context(), l)
	if err != nil {
		return err
	}
	lang, all := s.lang(c), []trackBody{}
	for _, t := range o.tracks {
		body := trackBody{ID: t.ID, Title: t.Title.In(lang), Summary: t.Summary.In(lang), Labs: []labSummary{},
			Progress: progressBody{t.done(), len(t.labs)}}
		for _, lab := range t.labs {
			body.Labs = append(body.Labs, newLabSummary(lab, lang))
		}
		all = append(all, body)
	}
	return c.JSON(http.StatusOK, all)
}
