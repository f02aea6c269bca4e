package web

import (
	"errors"
	"net/http"

	"github.com/greenbox-lab/greenbox/labs"
	"github.com/greenbox-lab/greenbox/templates/learner"
	"github.com/labstack/echo/v4"
)

// POST /labs/{lab}/start
func (s *Server) startLab(c echo.Context, l labs.Learner) error {
	return s.start(c, l, c.Param("lab"))
}

// start leads to the lab's session, or to the choice of a session to end.
func (s *Server) start(c echo.Context, l labs.Learner, labID string) error {
	lab, err := s.Catalog.Lab(labID)
	if err != nil {
		return err
	}
	session, _, err := s.Fleet.Start(c.Request().Context(), l, lab)
	var limit *labs.SessionLimitError
	if errors.As(err, &limit) {
		return s.showLimit(c, lab, limit.Open)
	}
	if err != nil {
		return err
	}
	return c.Redirect(http.StatusSeeOther, "/sessions/"+session.ID)
}

func (s *Server) showLimit(c echo.Context, lab labs.Lab, open []string) error {
	lang := s.pageLang(c)
	page := learner.LimitPage{Page: s.page(lang), LabID: lab.ID, LabTitle: lab.For("").Title.In(lang)}
	for _, id := range open {
		session, err := s.Fleet.Session(c.Request().Context(), id)
		if err != nil {
			return err
		}
		page.Open = append(page.Open, learner.OpenSession{ID: id, LabTitle: s.labTitle(session, lang), State: session.State})
	}
	return render(c, http.StatusConflict, learner.Limit(page))
}

// labTitle names a session's lab, which may no longer be in the catalog.
func (s *Server) labTitle(session labs.Session, lang labs.Lang) string {
	lab, err := s.labOf(session)
	if err != nil {
		return session.LabID
	}
	return lab.Title.In(lang)
}
