package web

import (
	"context"
	"time"

	"github.com/greenbox-lab/greenbox/labs"
)

type sessionBody struct {
	ID         string         `json:"id"`
	Lab        string         `json:"lab"`
	State      labs.State     `json:"state"`
	Stage      *labs.Stage    `json:"stage"`
	Place      *int           `json:"place"`
	Wait       *labs.Wait     `json:"wait"`
	Error      *string        `json:"error"`
	Nodes      []string       `json:"nodes"`
	Steps      []standingBody `json:"steps"`
	Recap      *proseBody     `json:"recap"`
	ResetAt    *time.Time     `json:"reset_at"`
	ReplacedAt *time.Time     `json:"replaced_at"`
	ExpiresAt  *time.Time     `json:"expires_at"`

	ExtendableUntil *time.Time   `json:"extendable_until"`
	Archive         *archiveBody `json:"archive"`
}

// standingBody is where a learner stands at a step.
type standingBody struct {
	ID       string        `json:"id"`
	Verdict  *labs.Verdict `json:"verdict"`
	Hints    []hintBody    `json:"hints"`
	HintsOf  int           `json:"hints_of"`
	Solution *string       `json:"solution"`
}

// sessionBody is what the API says of a session; what does not apply to its
// state is null. A lab that is no longer there has no steps.
func (s *Server) sessionBody(ctx context.Context, now labs.Session, lang labs.Lang) (sessionBody, error) {
	body := sessionBody{ID: now.ID, Lab: now.LabID, State: now.State, Nodes: labs.Nodes(), Steps: []standingBody{},
		ResetAt: timeBody(now.ResetAt), ReplacedAt: timeBody(now.ReplacedAt)}
	body.Archive = s.archiveBody(now.ID)
	if now.State == labs.Preparing && now.Stage != "" {
		body.Stage = &now.Stage
	}
	if now.State == labs.Queued && now.Place > 0 {
		body.Place = &now.Place
	}
	if now.State == labs.Queued && now.Wait != "" {
		body.Wait = &now.Wait
	}
	if now.State == labs.Broken {
		body.Error = &now.Error
	}
	if now.Open() {
		body.ExpiresAt = timeBody(now.ExpiresAt)
		body.ExtendableUntil = timeBody(s.extendableUntil(now))
	}
	st, err := s.standing(ctx, now)
	if err != nil {
		return body, err
	}
	for _, at := range st.steps {
		step, err := s.standingBody(at, lang)
		if err != nil {
			return body, err
		}
		body.Steps = append(body.Steps, step)
	}
	if !st.done() {
		return body, nil
	}
	recap, err := s.prose(st.lab.Recap, lang)
	body.Recap = &recap
	return body, err
}

func (s *Server) standingBody(at stepStanding, lang labs.Lang) (standingBody, error) {
	body := standingBody{ID: at.step.ID, Verdict: at.verdict, Hints: []hintBody{}, HintsOf: len(at.step.Hints)}
	if at.solution {
		body.Solution = &at.step.Solution
	}
	for number := range at.hints {
		hint, err := s.hintBody(at.step, number+1, lang)
		if err != nil {
			return body, err
		}
		body.Hints = append(body.Hints, hint)
	}
	return body, nil
}

// timeBody is a time in UTC, or null for none.
func timeBody(t time.Time) *time.Time {
	if t.IsZero() {
		return nil
	}
	utc := t.UTC()
	return &utc
}

// labOf returns a session's lab, as that session sees it.
func (s *Server) labOf(session labs.Session) (labs.Lab, error) {
	lab, err := s.Catalog.Lab(session.LabID)
	if err != nil {
		return lab, err
	}
	return lab.For(session.ID), nil
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
