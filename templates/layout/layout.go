// Package layout is the frame of every page: head, header, language links. It
// knows the texts of the interface and the addresses of the assets it is given,
// and nothing of what a page shows.
package layout

import (
	"github.com/greenbox-lab/greenbox/labs"
)

// Page is what the frame needs; every page's view struct embeds one.
type Page struct {
	Lang   labs.Lang
	Assets Assets
}

// Assets are the addresses of the files that pages load.
type Assets struct {
	Script string // app.js, needed by the lab page alone
	Style  string // app.css
	Icon   string // favicon.svg
}

// langName is how a language calls itself.
func langName(lang labs.Lang) string {
	if lang == labs.TraditionalChinese {
		return "繁體中文"
	}
	return "English"
}

func langURL(self string, lang labs.Lang) string { return self + "?lang=" + string(lang) }
