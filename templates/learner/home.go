package learner

import (
	"net/url"

	"github.com/a-h/templ"
	"github.com/greenbox-lab/greenbox/templates/words"
)

func (c LabCard) completed() bool { return c.Total > 0 && c.Done >= c.Total }

// startWord is the id of the text on the button that starts the lab.
func (c LabCard) startWord() string {
	if c.Done > 0 {
		return "home.again"
	}
	return "home.start"
}

// named is what a card's button is called where its lab cannot be seen.
func (p HomePage) named(action string, lab LabCard) string {
	return words.T(p.Lang, "home.named", words.Data{"Action": words.T(p.Lang, action), "Title": lab.Title})
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
