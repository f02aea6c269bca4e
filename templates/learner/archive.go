package learner

import (
	"fmt"
	"net/url"

	"github.com/a-h/templ"
)

func archiveURL(session string) templ.SafeURL {
	return templ.SafeURL("/api/v1/sessions/" + url.PathEscape(session) + "/archive")
}

// size is a number of bytes for people.
func size(bytes int64) string {
	if bytes < 1e6 {
		return fmt.Sprintf("%d kB", (bytes+999)/1000)
	}
	return fmt.Sprintf("%.1f MB", float64(bytes)/1e6)
}
