package web

import (
	"net/http"
	"time"

	"github.com/greenbox-lab/greenbox/labs"
	"github.com/labstack/echo/v4"
	"golang.org/x/text/language"
)

const langCookie = "lang"

// lang is the language to answer in: ?lang, for pages the one chosen before,
// Accept-Language, else English.
func (s *Server) lang(c echo.Context) labs.Lang {
	wishes := []string{c.QueryParam("lang")}
	if !forMachines(c.Request().URL.Path) {
		if cookie, err := c.Cookie(langCookie); err == nil {
			wishes = append(wishes, cookie.Value)
		}
	}
	wishes = append(wishes, c.Request().Header.Get("Accept-Language"))
	for _, wish := range wishes {
		if lang, ok := matchLang(wish); ok {
			return lang
		}
	}
	return labs.English
}

// matchLang returns the language of ours that suits an Accept-Language list
// best, and whether any does.
func matchLang(list string) (labs.Lang, bool) {
	tags, _, err := language.ParseAcceptLanguage(list)
	if err != nil || len(tags) == 0 {
		return labs.English, false
	}
	ours := make([]language.Tag, len(labs.Langs()))
	for i, l := range labs.Langs() {
		ours[i] = language.Make(string(l))
	}
	_, i, confidence := language.NewMatcher(ours).Match(tags...)
	return labs.Langs()[i], confidence != language.No
}

// pageLang is lang, and keeps a choice made by ?lang for the next pages.
func (s *Server) pageLang(c echo.Context) labs.Lang {
	lang := s.lang(c)
	if c.QueryParam("lang") != "" {
		setCookie(c, langCookie, string(lang), 365*24*time.Hour)
	}
	return lang
}

// setCookie keeps value in the browser for lifetime, or with 0 until it is
// closed: for this host alone, out of reach of scripts and of other sites' forms.
func setCookie(c echo.Context, name, value string, lifetime time.Duration) {
	//nolint:gosec // a lab on loopback has no TLS, and Secure would keep the cookie from it
	c.SetCookie(&http.Cookie{Name: name, Value: value, Path: "/", MaxAge: int(lifetime.Seconds()),
		HttpOnly: true, Secure: overTLS(c.Request()), SameSite: http.SameSiteLaxMode})
}

// overTLS reports whether the browser came by HTTPS, be it to a proxy in front.
func overTLS(r *http.Request) bool {
	return r.TLS != nil || r.Header.Get("X-Forwarded-Proto") == "https"
}
