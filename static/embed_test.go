package static_test

import (
	"io/fs"
	"regexp"
	"strings"
	"testing"

	"github.com/greenbox-lab/greenbox/static"
)

func TestWhatIsBuiltIsEmbedded(t *testing.T) {
	if _, err := fs.Stat(static.Files(), "app.js"); err != nil {
		t.Skip("not built: run `npm ci && npm run build` in static")
	}
	for _, name := range []string{"app.js", "app.css", "favicon.svg"} {
		content, err := fs.ReadFile(static.Files(), name)
		if err != nil || len(content) == 0 {
			t.Errorf("%s: %d bytes, %v", name, len(content), err)
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
