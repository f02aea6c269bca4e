package static_test

import (
	"io/fs"
	"regexp"
	"strings"
	"testing"

	"github.com/greenbox-lab/greenbox/static"
)

func TestURL(t *testing.T) {
	if got, want := static.URL("no-such.js"), "/static/no-such.js"; got != want {
		t.Errorf("a file that was not built: got %q, want %q", got, want)
	}
	if _, err := fs.Stat(static.Files(), "app.js"); err != nil {
		t.Skip("not built: run `npm ci && npm run build` in static")
	}
	for _, name := range []string{"app.js", "app.css", "favicon.svg"} {
		if got := static.URL(name); !regexp.MustCompile(`^/static/[a-z.]+\?v=[0-9a-f]{12}$`).MatchString(got) {
			t.Errorf("%s: got %q, want a hash in it", name, got)
		}
	}
}

func TestNothingIsLoadedFromElsewhere(t *testing.T) {
	style, err := fs.ReadFile(static.Files(), "app.css")
	if err != nil {
		t.Skip("not built: run `npm ci && npm run build` in static")
	}
	for _, found := range regexp.MustCompile(`(?:url\(|@import)\s*"?[^")]*`).FindAllString(string(style), -1) {
		if !strings.Contains(found, "data:") {
			t.Errorf("the style loads %s", found)
		}
	}
}
