package learner

import (
	"net/url"

	"github.com/a-h/templ"
	"github.com/greenbox-lab/greenbox/labs"
	"github.com/greenbox-lab/greenbox/templates/words"
)

func (c LabCard) completed() bool { return c.Total > 0 && c.Done >= c.Total }

// state is how far the learner has come: new, begun, open or done.
func (c LabCard) state() string {
	switch {
	case c.SessionID != "":
		return "open"
	case c.completed():
		return "done"
	case c.Done > 0:
		return "begun"
	}
	return "new"
}

// startWord is the id of the text on the button that starts the lab.
func (c LabCard) startWord() string {
	if c.Done > 0 {
		return "home.again"
	}
	return "home.start"
}

// named is what a button of a list is called where its lab cannot be seen.
func named(lang labs.Lang, action, title string) string {
	return words.T(lang, "layout.named", words.Data{"Action": words.T(lang, action), "Title": title})
}

func startURL(lab string) templ.SafeURL {
	return templ.SafeURL("/labs/" + url.PathEscape(lab) + "/start")
}

func sessionURL(id string) templ.SafeURL {
	return templ.SafeURL("/sessions/" + url.PathEscape(id))
}

func endURL(id string) templ.SafeURL {
	return sessionURL(id) + "/end"
}
