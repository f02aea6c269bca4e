package web

import (
	"net/http"
	"strings"

	"github.com/greenbox-lab/greenbox/labs"
	"github.com/greenbox-lab/greenbox/templates/learner"
	"github.com/labstack/echo/v4"
)

// GET /
func (s *Server) showHome(c echo.Context, l labs.Learner) error {
	lang := s.pageLang(c)
	o, err := s.overview(c.Request().Context(), l)
	if err != nil {
		return err
	}
	page := learner.HomePage{Page: s.page(lang), Problems: s.problemViews()}
	for _, session := range o.open {
		page.Resume = append(page.Resume, s.resumeView(o, session, lang))
	}
	if next := o.suggested(); next != nil {
		card := labCard(*next, lang)
		page.Next = &card
	}
	for _, session := range o.saved {
		page.Saved = append(page.Saved, learner.SavedView{SessionID: session.ID, LabTitle: s.labTitle(session, lang),
			Began: session.CreatedAt, Archive: s.Archives.Archive(session.ID)})
	}
	for _, t := range o.tracks {
		view := learner.TrackView{ID: t.ID, Title: t.Title.In(lang), Summary: t.Summary.In(lang), Done: t.done()}
		for _, lab := range t.labs {
			view.Labs = append(view.Labs, labCard(lab, lang))
		}
		page.Tracks = append(page.Tracks, view)
	}
	return render(c, http.StatusOK, learner.Home(page))
}

func labCard(lab labView, lang labs.Lang) learner.LabCard {
	return learner.LabCard{ID: lab.ID, Title: lab.Title.In(lang), Summary: lab.Summary.In(lang), Number: lab.number,
		Minutes: lab.Minutes, Done: lab.passed, Total: len(lab.Steps), SessionID: lab.session}
}

// resumeView shows an open session, be its lab in the catalog or not.
func (s *Server) resumeView(o overview, session labs.Session, lang labs.Lang) learner.ResumeView {
	view := learner.ResumeView{SessionID: session.ID, LabTitle: s.labTitle(session, lang), State: session.State}
	for _, lab := range o.labs() {
		if lab.ID == session.LabID {
			view.Done, view.Total = lab.passed, len(lab.Steps)
		}
	}
	return view
}

// problemViews are what is wrong with labs that were left out. In solo mode the
// learner is who writes them.
func (s *Server) problemViews() []learner.ProblemView {
	if !s.Solo {
		return nil
	}
	var views []learner.ProblemView
	for _, err := range s.Catalog.Problems() {
		where, what, found := strings.Cut(err.Error(), ": ")
		if !found {
			where, what = "", where
		}
		views = append(views, learner.ProblemView{Where: where, What: what})
	}
	return views
}
