package web

import "github.com/greenbox-lab/greenbox/labs"

type attemptBody struct {
	ID        string       `json:"id"`
	Verdict   labs.Verdict `json:"verdict"`
	Points    int          `json:"points"`
	MaxPoints int          `json:"max_points"`
	Checks    []checkBody  `json:"checks"`
	Automatic bool         `json:"automatic"`
	Lost      *string      `json:"lost"`
}

type checkBody struct {
	ID        string       `json:"id"`
	Verdict   labs.Verdict `json:"verdict"`
	Message   string       `json:"message"`
	Points    int          `json:"points"`
	MaxPoints int          `json:"max_points"`
}

func newAttemptBody(a labs.Attempt, lang labs.Lang) attemptBody {
	body := attemptBody{ID: a.ID, Verdict: a.Verdict, Points: a.Points, MaxPoints: a.MaxPoints, Checks: []checkBody{}, Automatic: a.Automatic}
	if a.Lost != nil {
		lost := a.Lost.In(lang)
		body.Lost = &lost
	}
	for _, c := range a.Checks {
		body.Checks = append(body.Checks, checkBody{ID: c.ID, Verdict: c.Verdict, Message: c.Message.In(lang), Points: c.Points, MaxPoints: c.MaxPoints})
	}
	return body
}
