package archive

import (
	_ "embed" // the text
	"encoding/json"
	"errors"
	"strings"
	"text/template"
	"time"

	"github.com/greenbox-lab/greenbox/labs"
)

//go:embed README.txt
var readme string

// summary is summary.json.
type summary struct {
	Lab      string        `json:"lab"`
	Session  string        `json:"session"`
	Created  time.Time     `json:"created_at"`
	Reset    *time.Time    `json:"reset_at"`
	Ended    time.Time     `json:"ended_at"`
	Steps    []stepSummary `json:"steps"`
	Complete bool          `json:"complete"`
	Missing  []string      `json:"missing"`
	LeftOut  []string      `json:"left_out"`
}

type stepSummary struct {
	ID      string        `json:"id"`
	Verdict *labs.Verdict `json:"verdict"`
}

// describe writes what the archive is, what is missing from it, and how far the
// learner had come.
func (c *collection) describe() error {
	s := c.work.Session
	about := summary{Lab: s.LabID, Session: s.ID, Created: s.CreatedAt.UTC(), Ended: c.work.Ended.UTC(), Steps: []stepSummary{},
		Complete: len(c.missing) == 0, Missing: append([]string{}, c.missing...), LeftOut: append([]string{}, c.left...)}
	if !s.ResetAt.IsZero() {
		at := s.ResetAt.UTC()
		about.Reset = &at
	}
	for _, step := range c.work.Steps {
		about.Steps = append(about.Steps, stepSummary{step.StepID, step.Verdict})
	}
	data, err := json.MarshalIndent(about, "", "  ")
	if err != nil {
		return &writeError{err}
	}
	var text strings.Builder
	page := template.Must(template.New("README.txt").Funcs(template.FuncMap{"join": strings.Join}).Parse(readme))
	return errors.Join(
		page.Execute(&text, about),
		c.put("summary.json", 0o600, c.work.Ended, append(data, '\n')),
		c.put("README.txt", 0o600, c.work.Ended, []byte(text.String())),
	)
}
