package web

import (
	"context"
	"encoding/json"
	"errors"
	"net/http"

	"github.com/greenbox-lab/greenbox/labs"
	"github.com/greenbox-lab/greenbox/sandbox"
	"github.com/greenbox-lab/greenbox/templates/learner"
	"github.com/labstack/echo/v4"
)

// problem is an error that tells the client what to do. Its code never changes
// meaning; its words are in problems.
type problem struct {
	code  code
	note  string   // technical detail that is added to the words, in English
	open  []string // with codeSessionLimit: the ids of the open sessions
	cause error    // for the log alone
}

func (p *problem) Error() string {
	if p.cause == nil {
		return string(p.code)
	}
	return string(p.code) + ": " + p.cause.Error()
}

func (p *problem) Unwrap() error { return p.cause }

// problemBody is RFC 9457's application/problem+json with members of ours.
type problemBody struct {
	Type     string   `json:"type"`
	Title    string   `json:"title"`
	Status   int      `json:"status"`
	Detail   string   `json:"detail"`
	Code     code     `json:"code"`
	Request  string   `json:"request"`
	Sessions []string `json:"sessions,omitempty"`
}

// fail answers with the problem that err is: a page for a page, else JSON.
func (s *Server) fail(err error, c echo.Context) {
	p, lang := asProblem(err), s.lang(c)
	words := problems[p.code]
	if c.Response().Committed {
		s.Log.Warn("answer cut short", "id", c.Get(requestKey), "path", c.Request().URL.Path, "error", err)
		return
	}
	if words.status >= http.StatusInternalServerError {
		s.Log.Error("request failed", "id", c.Get(requestKey), "path", c.Request().URL.Path, "error", err)
	}
	if p.code == codeLoginNeeded {
		c.Response().Header().Set("WWW-Authenticate", "Bearer")
	}
	body := problemBody{Type: "about:blank", Title: words.title.In(lang), Status: words.status, Detail: words.detail.In(lang),
		Code: p.code, Sessions: p.open}
	body.Request, _ = c.Get(requestKey).(string)
	if p.note != "" {
		body.Detail += " (" + p.note + ")"
	}
	if err := s.sendProblem(c, lang, body); err != nil {
		s.Log.Info("send problem", "id", body.Request, "error", err)
	}
}

func (s *Server) sendProblem(c echo.Context, lang labs.Lang, body problemBody) error {
	if !forMachines(c.Request().URL.Path) {
		page := learner.ErrorPage{Page: s.page(lang), Status: body.Status, Title: body.Title, Detail: body.Detail}
		return render(c, body.Status, learner.Error(page))
	}
	data, err := json.Marshal(body)
	if err != nil {
		return err
	}
	return c.Blob(body.Status, "application/problem+json", data)
}

// asProblem finds the problem that err stands for; what is not known to be the
// client's doing is ours.
func asProblem(err error) *problem {
	var p *problem
	var limit *labs.SessionLimitError
	var tooLarge *http.MaxBytesError
	var routing *echo.HTTPError
	switch {
	case errors.As(err, &p):
		return p
	case errors.As(err, &limit):
		return &problem{code: codeSessionLimit, open: limit.Open, cause: err}
	case errors.Is(err, sandbox.ErrNotRestored):
		return &problem{code: codeRestoreFailed, note: err.Error(), cause: err}
	case errors.As(err, &tooLarge):
		return &problem{code: codeBodyTooLarge, cause: err}
	case errors.Is(err, labs.ErrLongest):
		return &problem{code: codeSessionLongest, cause: err}
	case errors.Is(err, labs.ErrEnded):
		return &problem{code: codeSessionEnded, cause: err}
	case errors.Is(err, labs.ErrBusy):
		return &problem{code: codeSessionBusy, cause: err}
	case errors.Is(err, labs.ErrNotReady):
		return &problem{code: codeSessionNotReady, cause: err}
	case errors.Is(err, labs.ErrDiskFull):
		return &problem{code: codeDiskFull, cause: err}
	case errors.Is(err, labs.ErrAnswerMissing):
		return &problem{code: codeAnswerMissing, cause: err}
	case errors.Is(err, labs.ErrNotFound):
		return &problem{code: codeNotFound, cause: err}
	case errors.Is(err, context.DeadlineExceeded):
		return &problem{code: codeTimedOut, cause: err}
	case errors.Is(err, sandbox.ErrStopping), errors.Is(err, context.Canceled): // of the latter the client is gone
		return &problem{code: codeNotReady, cause: err}
	case errors.As(err, &routing) && routing.Code == http.StatusNotFound:
		return &problem{code: codeNotFound, cause: err}
	case errors.As(err, &routing) && routing.Code == http.StatusMethodNotAllowed:
		return &problem{code: codeMethodNotAllowed, cause: err}
	}
	return &problem{code: codeInternal, cause: err}
}
