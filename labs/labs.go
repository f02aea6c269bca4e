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
// As it is written, its texts may hold the names of variables; For fills them in.
type Lab struct {
	ID            string
	Title         Text
	Summary       Text
	Text          Text // Markdown
	Recap         Text // Markdown, for after the last step
	Minutes       int
	Vary          []Variable
	Setup         string // a bash script, run as root on controlplane; idempotent
	Irrecoverable []Irrecoverable
	Steps         []Step
}

// Irrecoverable is a state from which only a reset leads back: Check holds when
// it has come to that, and Say is for the learner.
type Irrecoverable struct {
	Check Check // of kind object, file or script
	Say   Text
}

// Step returns the step with that id, or ErrNotFound.
func (l Lab) Step(id string) (Step, error) {
	i := slices.IndexFunc(l.Steps, func(s Step) bool { return s.ID == id })
	if i < 0 {
		return Step{}, ErrNotFound
	}
	return l.Steps[i], nil
}

// StartOf returns the scripts that lead from a clean cluster to the starting
// point of a step, in order, or ErrNotFound.
func (l Lab) StartOf(step string) ([]string, error) {
	at := slices.IndexFunc(l.Steps, func(s Step) bool { return s.ID == step })
	if at < 0 {
		return nil, ErrNotFound
	}
	scripts := []string{l.Setup}
	for _, s := range l.Steps[:at+1] {
		scripts = append(scripts, s.Start)
	}
	return slices.DeleteFunc(scripts, func(s string) bool { return s == "" }), nil
}

// Step is one thing to do, judged by its checks.
type Step struct {
	ID       string
	Title    Text
	Text     Text   // Markdown
	Start    string // a bash script that makes what the earlier steps leave
	Hints    []Text // Markdown, from a nudge to nearly the command
	Solution string // the commands to show on request
	Checks   []Check
}

// Track is a way through labs, in order.
type Track struct {
	ID      string
	Title   Text
	Summary Text
	Labs    []string
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
