package web

import (
	"errors"
	"net/http"
	"strings"

	"github.com/greenbox-lab/greenbox/labs"
)

const cookieName = "greenbox"

// authorize returns the learner that r comes from. A Bearer token that is wrong
// is refused; a cookie that is wrong counts for nothing, because cookies do not
// tell ports apart and this one may be another server's.
func (s *Server) authorize(r *http.Request) (labs.Learner, error) {
	if token, ok := bearer(r); ok {
		return s.byToken(r, token)
	}
	if cookie, err := r.Cookie(cookieName); err == nil {
		l, err := s.byToken(r, cookie.Value)
		if p := new(problem); !errors.As(err, &p) {
			return l, err
		}
	}
	if s.Solo {
		return Solo(), nil
	}
	return labs.Learner{}, &problem{code: codeLoginNeeded}
}

func (s *Server) byToken(r *http.Request, token string) (labs.Learner, error) {
	l, err := s.Progress.LearnerByToken(r.Context(), token)
	if errors.Is(err, labs.ErrNotFound) {
		return l, &problem{code: codeLoginNeeded, cause: err}
	}
	return l, err
}

// bearer returns the token of an Authorization header of that scheme.
func bearer(r *http.Request) (string, bool) {
	scheme, token, _ := strings.Cut(r.Header.Get("Authorization"), " ")
	return strings.TrimSpace(token), strings.EqualFold(scheme, "Bearer")
}
