// Package labs holds the words of Greenbox: what is taught and what became of
// it. Lab, Step and Check are content; Session, Attempt and Verdict are what a
// learner did with it. Everything here is plain data with methods that compute;
// there is no HTTP, no SQL, no Docker and no Kubernetes client, and the package
// imports nothing of ours, so every other package may speak these words.
//
// A browser login is a login, never a session. A Kubernetes probe is a probe,
// never a check.
package labs

import "slices"

// Lang is a language in which every text of a lab exists: a BCP 47 tag.
type Lang string

// The languages of Greenbox.
const (
	English            Lang = "en"
	TraditionalChinese Lang = "zh-TW"
)

// Langs lists every language, the fallback first.
func Langs() []Lang { return []Lang{English, TraditionalChinese} }

// Text is one text in each language.
type Text map[Lang]string

// In returns the text in lang, or in English where lang is missing.
func (t Text) In(lang Lang) string {
	if s, ok := t[lang]; ok {
		return s
	}
	return t[English]
}

// Lab is one exercise: a cluster prepared by Setup and the steps to take on it.
type Lab struct {
	ID      string
	Title   Text
	Summary Text
	Text    Text // Markdown
	Minutes int
	Setup   string // a bash script, run as root on controlplane; idempotent
	Steps   []Step
}

// Step returns the step with that id, or ErrNotFound.
func (l Lab) Step(id string) (Step, error) {
	i := slices.IndexFunc(l.Steps, func(s Step) bool { return s.ID == id })
	if i < 0 {
		return Step{}, ErrNotFound
	}
	return l.Steps[i], nil
}

// Step is one thing to do, judged by its checks.
type Step struct {
	ID     string
	Title  Text
	Text   Text // Markdown
	Checks []Check
}

// Points is the most an attempt at the step can earn.
func (s Step) Points() int {
	sum := 0
	for _, c := range s.Checks {
		sum += c.Points
	}
	return sum
}

// Question returns the answer check of the step, or nil when the step is judged
// by the cluster alone. A step has at most one.
func (s Step) Question() *AnswerCheck {
	for _, c := range s.Checks {
		if c.Answer != nil {
			return c.Answer
		}
	}
	return nil
}
