package web

import (
	"context"
	"errors"
	"time"

	"github.com/greenbox-lab/greenbox/labs"
)

type sessionBody struct {
	ID        string        `json:"id"`
	Lab       string        `json:"lab"`
	State     labs.State    `json:"state"`
	Stage     *labs.Stage   `json:"stage"`
	Place     *int          `json:"place"`
	Error     *string       `json:"error"`
	Nodes     []string      `json:"nodes"`
	Steps     []verdictBody `json:"steps"`
	ExpiresAt *time.Time    `json:"expires_at"`
}

type verdictBody struct {
	ID      string        `json:"id"`
	Verdict *labs.Verdict `json:"verdict"`
}

// sessionBody is what the API says of a session; what does not apply to its
// state is null. A lab that is no longer there has no steps.
func (s *Server) sessionBody(ctx context.Context, now labs.Session) (sessionBody, error) {
	body := sessionBody{ID: now.ID, Lab: now.LabID, State: now.State, Nodes: labs.Nodes(), Steps: []verdictBody{}}
	if now.State == labs.Preparing && now.Stage != "" {
		body.Stage = &now.Stage
	}
	if now.State == labs.Queued && now.Place > 0 {
		body.Place = &now.Place
	}
	if now.State == labs.Broken {
		body.Error = &now.Error
	}
	if now.Open() && !now.ExpiresAt.IsZero() {
		utc := now.ExpiresAt.UTC()
		body.ExpiresAt = &utc
	}
	lab, err := s.Catalog.Lab(now.LabID)
	if err != nil && !errors.Is(err, labs.ErrNotFound) {
		return body, err
	}
	verdicts, err := s.Progress.Verdicts(ctx, now.ID, lab.Steps)
	for _, v := range verdicts {
		body.Steps = append(body.Steps, verdictBody{ID: v.StepID, Verdict: v.Verdict})
	}
	return body, err
}

// own returns the learner's session as it is now; another's is not found.
func (s *Server) own(ctx context.Context, l labs.Learner, id string) (labs.Session, error) {
	now, err := s.Fleet.Session(ctx, id)
	if err == nil && now.LearnerID != l.ID {
		return labs.Session{}, labs.ErrNotFound
	}
	return now, err
}

// live returns the learner's sessions, newest first, the open ones as they are now.
func (s *Server) live(ctx context.Context, l labs.Learner) ([]labs.Session, error) {
	all, err := s.Progress.SessionsOf(ctx, l.ID)
	if err != nil {
		return nil, err
	}
	for i := range all {
		if !all[i].Open() {
			continue
		}
		if all[i], err = s.Fleet.Session(ctx, all[i].ID); err != nil {
			return nil, err
		}
	}
	return all, nil
}
