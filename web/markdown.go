package web

import (
	"bytes"
	"fmt"
	"regexp"

	"github.com/greenbox-lab/greenbox/labs"
	"github.com/microcosm-cc/bluemonday"
	"github.com/yuin/goldmark"
	"github.com/yuin/goldmark/extension"
)

// markdown turns a lab's texts into HTML that is safe to show, whoever wrote
// them: no markup of the author's own, no images (there is nowhere they could
// come from), and links to the web or within the page alone.
type markdown struct {
	parser goldmark.Markdown
	policy *bluemonday.Policy
}

func newMarkdown() markdown {
	policy := bluemonday.NewPolicy()
	policy.AllowElements("p", "br", "hr", "h1", "h2", "h3", "h4", "h5", "h6", "strong", "em", "del", "blockquote", "pre", "code",
		"ul", "ol", "li", "table", "thead", "tbody", "tr", "th", "td")
	policy.AllowAttrs("start").Matching(bluemonday.Integer).OnElements("ol")
	policy.AllowAttrs("class").Matching(regexp.MustCompile(`^language-[a-z0-9+-]+$`)).OnElements("code")
	policy.AllowAttrs("type").Matching(regexp.MustCompile(`^checkbox$`)).OnElements("input")
	policy.AllowAttrs("checked", "disabled").OnElements("input")
	policy.AllowAttrs("href").Matching(regexp.MustCompile(`^(?i:https?://|#)`)).OnElements("a")
	policy.AllowURLSchemes("http", "https")
	policy.AllowRelativeURLs(true) // for #
	policy.RequireParseableURLs(true)
	policy.RequireNoFollowOnLinks(true)
	policy.RequireNoReferrerOnLinks(true)
	policy.AddTargetBlankToFullyQualifiedLinks(true)
	return markdown{parser: goldmark.New(goldmark.WithExtensions(extension.GFM)), policy: policy}
}

// html renders Markdown (GFM).
func (m markdown) html(text string) (string, error) {
	var out bytes.Buffer
	if err := m.parser.Convert([]byte(text), &out); err != nil {
		return "", fmt.Errorf("render markdown: %w", err)
	}
	return string(m.policy.SanitizeBytes(out.Bytes())), nil
}

// proseBody is a text as its author wrote it, in Markdown, and as safe HTML.
type proseBody struct {
	Text string `json:"text"`
	HTML string `json:"html"`
}

func (s *Server) prose(text labs.Text, lang labs.Lang) (proseBody, error) {
	written := text.In(lang)
	html, err := s.markdown.html(written)
	return proseBody{written, html}, err
}
