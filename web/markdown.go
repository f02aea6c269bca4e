package web

import (
	"bytes"
	"fmt"
	"regexp"

	"github.com/microcosm-cc/bluemonday"
	"github.com/yuin/goldmark"
	"github.com/yuin/goldmark/extension"
)

// markdown turns a lab's texts into HTML that is safe to show, whoever wrote them.
type markdown struct {
	parser goldmark.Markdown
	policy *bluemonday.Policy
}

func newMarkdown() markdown {
	policy := bluemonday.UGCPolicy()
	policy.AllowAttrs("class").Matching(regexp.MustCompile(`^language-[a-z0-9+-]+$`)).OnElements("code")
	policy.AllowAttrs("type").Matching(regexp.MustCompile(`^checkbox$`)).OnElements("input")
	policy.AllowAttrs("checked", "disabled").OnElements("input")
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
