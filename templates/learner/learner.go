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

// HomePage is the catalogue: what is open, what to do next, and all labs in
// their tracks.
type HomePage struct {
	layout.Page
	Problems []ProblemView // labs that could not be read
	Resume   []ResumeView
	Next     *LabCard // the lab to begin with next, or nil
	Tracks   []TrackView
	Saved    []SavedView
}

// ProblemView is one thing wrong with a lab that is left out.
type ProblemView struct {
	Where string // file:line, or empty
	What  string // and how to mend it
}

// ResumeView is an open session to go back to.
type ResumeView struct {
	SessionID string
	LabTitle  string
	State     labs.State
	Done      int // steps passed
	Total     int // 0 for a lab that is gone
}

// SavedView is a session that has ended and whose work is kept.
type SavedView struct {
	SessionID string
	LabTitle  string
	Began     time.Time
	Archive   labs.Archive
}

// TrackView is a way through labs, in order.
type TrackView struct {
	ID      string
	Title   string
	Summary string
	Done    int // labs
	Labs    []LabCard
}

// LabCard is one lab in its track.
type LabCard struct {
	ID        string
	Title     string
	Summary   string
	Number    int // in the track, from 1
	Minutes   int
	Done      int // steps passed
	Total     int
	SessionID string // the open one, or empty
}

// LabPage is a session of a lab.
type LabPage struct {
	layout.Page
	SessionID  string
	LabID      string
	Title      string
	TextHTML   string // sanitised
	RecapHTML  string // sanitised; empty until every step has been passed
	Next       *NextLab
	State      labs.State
	Stage      labs.Stage    // while preparing
	Place      int           // while queued
	Wait       labs.Wait     // while queued
	Others     bool          // the learner has other sessions open
	Elapsed    time.Duration // since the session was created, or last reset
	ResetAt    time.Time     // zero: never
	ReplacedAt time.Time     // zero: never
	Error      string        // when failed
	Nodes      []string
	Steps      []StepView
	Expires    *time.Time
	Latest     *time.Time // the end that extensions can give; nil: none
	Created    time.Time
	Now        time.Time
	Presence   time.Duration // how often the page says that it is seen; 0: never
	Archive    labs.Archive
}

// NextLab is the lab that follows this one.
type NextLab struct{ ID, Title string }

// StepView is one step and where the learner stands at it.
type StepView struct {
	ID        string
	Title     string
	TextHTML  string       // sanitised
	Points    int          // the most that can be earned
	Verdict   labs.Verdict // empty before the first attempt; once passed it stays
	Question  *QuestionView
	Answer    string // the last one given
	Last      *AttemptView
	HintsHTML []string // sanitised; those that were asked for
	HintsOf   int      // how many there are
	Solution  string   // empty until it was asked for
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
	Lost      string // why only a reset leads back; empty when nothing is lost
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
