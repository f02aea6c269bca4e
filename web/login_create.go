package web

import (
	"net/http"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/labstack/echo/v4"
)

const maxName = 100

type loginBody struct {
	Token   string      `json:"token"`
	Learner learnerBody `json:"learner"`
}

type learnerBody struct {
	ID   string `json:"id"`
	Name string `json:"name"`
}

// POST /api/v1/logins
func (s *Server) createLogin(c echo.Context) error {
	var body struct {
		Name string `json:"name"`
	}
	if err := readBody(c, &body); err != nil {
		return err
	}
	name := strings.TrimSpace(body.Name)
	if !usableName(name) {
		return &problem{code: codeNameInvalid}
	}
	l, token, err := s.Progress.LogIn(c.Request().Context(), name)
	if err != nil {
		return err
	}
	if c.Request().Header.Get("Sec-Fetch-Site") == "same-origin" { // our own page: what it opens next must know the learner
		setCookie(c, cookieName, token, 0)
	}
	return c.JSON(http.StatusCreated, loginBody{Token: token, Learner: learnerBody{ID: l.ID, Name: l.Name}})
}

func usableName(name string) bool {
	return name != "" && utf8.RuneCountInString(name) <= maxName &&
		strings.IndexFunc(name, func(r rune) bool { return !unicode.IsPrint(r) }) < 0
}
