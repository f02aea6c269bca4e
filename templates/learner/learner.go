// Package learner is the pages a learner sees: Home, Lab, Limit and Error, each
// a pure function of its view struct. It knows the words of package labs and
// the texts of the interface; it asks nothing of anyone and decides nothing.
//
// The lab page holds the panels of every state at once and shows the one named
// by data-state, so that its script can follow the session without a reload.
// What the script adds later it clones from template elements made by the same
// components that the server renders.
package learner

import (
	"time"

	"github.com/greenbox-lab/greenbox/labs"
	"github.com/greenbox-lab/greenbox/templates/layout"
)

// HomePage is the list of labs.
type HomePage struct {
	layout.Page
	Labs []LabCard
}

// LabCard is one lab in the list.
type LabCard struct {
	ID        string
	Title     string
	Summary   string
	Minutes   int
	Done      int // steps passed
	Total     int
	SessionID string // the open one, or empty
}

// LabPage is a session of a lab.
type LabPage struct {
	layout.Page
	SessionID string
	LabID     string
	Title     string
	TextHTML  string // sanitised
	State     labs.State
	Stage     labs.Stage    // while preparing
	Place     int           // while queued
	Elapsed   time.Duration // since the session was created
	Error     string        // when failed
	Nodes     []string
	Steps     []StepView
	Expires   *time.Time
}

// StepView is one step and where the learner stands at it.
type StepView struct {
	ID       string
	Title    string
	TextHTML string       // sanitised
	Points   int          // the most that can be earned
	Verdict  labs.Verdict // empty before the first attempt; once passed it stays
	Question *QuestionView
	Answer   string // the last one given
	Last     *AttemptView
}

// QuestionView is what a step asks.
type QuestionView struct {
	Kind    labs.AnswerKind
	Choices []ChoiceView
}

// ChoiceView is one possible answer.
type ChoiceView struct{ ID, Text string }

// AttemptView is the latest attempt at a step.
type AttemptView struct {
	Verdict   labs.Verdict
	Points    int
	MaxPoints int
	Checks    []CheckView
}

// CheckView is what one check of an attempt came to.
type CheckView struct {
	ID        string
	Verdict   labs.Verdict
	Message   string // empty when passed; `code` between backticks
	Points    int
	MaxPoints int
}

// LimitPage says that no further session may be opened.
type LimitPage struct {
	layout.Page
	LabID    string // the lab that was to be started
	LabTitle string
	Open     []OpenSession
}

// OpenSession is one that could be ended instead.
type OpenSession struct {
	ID       string
	LabTitle string
	State    labs.State
}

// ErrorPage is what a browser sees instead of a page.
type ErrorPage struct {
	layout.Page
	Status int
	Title  string
	Detail string // a sentence or two: why, and what to do
}
