package web

import (
	"context"

	"github.com/greenbox-lab/greenbox/labs"
)

// savedShown is how many sessions that have ended are shown.
const savedShown = 5

// overview is the catalog as one learner sees it.
type overview struct {
	tracks []trackView
	open   []labs.Session // newest first
	saved  []labs.Session // the last ones that ended and whose work is kept, newest first
}

// trackView is a track and its labs, in order.
type trackView struct {
	labs.Track
	labs []labView
}

// labView is a lab in its track and how far the learner has come with it, in
// whichever session.
type labView struct {
	labs.Lab
	track   string
	number  int
	passed  int
	session string // the open one, or empty
}

func (l labView) done() bool { return len(l.Steps) > 0 && l.passed == len(l.Steps) }

func (t trackView) done() int {
	n := 0
	for _, lab := range t.labs {
		if lab.done() {
			n++
		}
	}
	return n
}

func (s *Server) overview(ctx context.Context, l labs.Learner) (overview, error) {
	var o overview
	sessions, err := s.live(ctx, l)
	if err != nil {
		return o, err
	}
	passed, err := s.Progress.PassedSteps(ctx, l.ID)
	if err != nil {
		return o, err
	}
	open := map[string]string{}
	for _, session := range sessions {
		if session.Open() {
			o.open = append(o.open, session)
			open[session.LabID] = session.ID
		} else if len(o.saved) < savedShown && s.Archives.Archive(session.ID).State != "" {
			o.saved = append(o.saved, session)
		}
	}
	for _, track := range s.Catalog.Tracks() {
		t := trackView{Track: track}
		for _, id := range track.Labs {
			lab, err := s.Catalog.Lab(id)
			if err != nil {
				continue // the catalog has changed meanwhile
			}
			t.labs = append(t.labs, labView{Lab: lab.For(open[id]), track: track.ID, number: len(t.labs) + 1,
				passed: countPassed(lab, passed[id]), session: open[id]})
		}
		o.tracks = append(o.tracks, t)
	}
	return o, nil
}

// labs returns all labs in order.
func (o overview) labs() []labView {
	var all []labView
	for _, t := range o.tracks {
		all = append(all, t.labs...)
	}
	return all
}

// suggested is the first lab that is neither done nor open, or nil.
func (o overview) suggested() *labView {
	for _, lab := range o.labs() {
		if !lab.done() && lab.session == "" {
			return &lab
		}
	}
	return nil
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
