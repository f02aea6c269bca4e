package learner

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/greenbox-lab/greenbox/labs"
	"github.com/greenbox-lab/greenbox/templates/words"
)

// scriptData is what the page's script starts from.
type scriptData struct {
	Session    string            `json:"session"`
	Lang       labs.Lang         `json:"lang"`
	State      labs.State        `json:"state"`
	Stage      labs.Stage        `json:"stage"`
	ResetAt    *time.Time        `json:"reset_at"`
	ReplacedAt *time.Time        `json:"replaced_at"`
	Expires    *time.Time        `json:"expires_at"`
	Latest     *time.Time        `json:"extendable_until"`
	Created    time.Time         `json:"created_at"`
	Now        time.Time         `json:"now"`
	Present    float64           `json:"presence"` // seconds
	Words      map[string]string `json:"words"`
}

func (p LabPage) script() scriptData {
	data := scriptData{Session: p.SessionID, Lang: p.Lang, State: p.State, Stage: p.Stage, Words: words.Script(p.Lang),
		Expires: p.Expires, Latest: p.Latest, Created: p.Created.UTC(), Now: p.Now.UTC(), Present: p.Presence.Seconds()}
	data.ResetAt, data.ReplacedAt = timeOrNil(p.ResetAt), timeOrNil(p.ReplacedAt)
	return data
}

func timeOrNil(t time.Time) *time.Time {
	if t.IsZero() {
		return nil
	}
	utc := t.UTC()
	return &utc
}

func (p LabPage) passed() int {
	passed := 0
	for _, step := range p.Steps {
		if step.Verdict == labs.Passed {
			passed++
		}
	}
	return passed
}

func (p LabPage) progress() string {
	return words.T(p.Lang, "js.progress", words.Data{"Done": p.passed(), "Total": len(p.Steps)})
}

// now is the first step that has not been passed, or -1.
func (p LabPage) now() int {
	return slices.IndexFunc(p.Steps, func(s StepView) bool { return s.Verdict != labs.Passed })
}

// checkable reports whether steps can be judged now; a paused cluster is
// resumed first.
func (p LabPage) checkable() bool { return p.State == labs.Ready || p.State == labs.Paused }

// view is what the page shows: that of the session's state, but the terminals while
// the lab is being set up.
func (p LabPage) view() string {
	if p.State == labs.Preparing && p.Stage == labs.StageSetup {
		return "setup"
	}
	return string(p.State)
}

// waitsFor is what a session in line waits for; one that is not in line yet would
// wait for its turn.
func (p LabPage) waitsFor() labs.Wait {
	if p.Wait == "" {
		return labs.WaitTurn
	}
	return p.Wait
}

// endingHelps reports whether the learner would be served sooner for ending another
// session.
func (p LabPage) endingHelps() bool {
	return p.waitsFor() != labs.WaitTurn && p.waitsFor() != labs.WaitBreaker
}

// open reports whether there is still something to end.
func (p LabPage) open() bool { return labs.Session{State: p.State}.Open() }

// reached is how far the start has come with a stage: done, now or todo.
func (p LabPage) reached(stage labs.Stage) string {
	switch p.State {
	case labs.Preparing:
	case labs.Queued, labs.Broken, labs.Ended:
		return "todo"
	case labs.Ready, labs.Paused:
		return "done"
	}
	at, now := slices.Index(labs.Stages(), stage), slices.Index(labs.Stages(), p.Stage)
	switch {
	case at < now:
		return "done"
	case at == now:
		return "now"
	}
	return "todo"
}

func (p LabPage) seconds() string { return strconv.Itoa(int(p.Elapsed.Seconds())) }

// clock is Elapsed as minutes and seconds, 1:05.
func (p LabPage) clock() string {
	seconds := int(p.Elapsed.Seconds())
	return fmt.Sprintf("%d:%02d", seconds/60, seconds%60)
}

func (s StepView) checkWord() string {
	if s.Last != nil {
		return "js.check.again"
	}
	return "js.check.first"
}

// asking is a question before something is done: the texts' ids.
type asking struct{ id, title, text, no, yes string }

// weight is how the button that does it looks.
func (a asking) weight() string {
	if a.id == "solution" {
		return "primary"
	}
	return "danger"
}

// hintWord is what the button for the next hint says.
func (s StepView) hintWord(lang labs.Lang) string {
	if len(s.HintsHTML) == s.HintsOf {
		return words.T(lang, "js.hint.all")
	}
	return hintName(lang, len(s.HintsHTML)+1, s.HintsOf)
}

func hintName(lang labs.Lang, number, of int) string {
	return words.T(lang, "js.hint.name", words.Data{"Number": number, "Of": of})
}

func (s StepView) solutionWord(lang labs.Lang) string {
	if s.Solution != "" {
		return words.T(lang, "js.solution.shown")
	}
	return words.T(lang, "step.solution")
}

func (a AttemptView) summary(lang labs.Lang) string {
	return words.T(lang, "js.result."+string(verdictOr(a.Verdict)), words.Data{"Points": a.Points, "Max": a.MaxPoints})
}

func (c CheckView) points(lang labs.Lang) string {
	return words.T(lang, "js.points", words.Data{"Points": c.Points, "Max": c.MaxPoints})
}

// parts splits the message at its backticks: every second part is code.
func (c CheckView) parts() []string { return strings.Split(c.Message, "`") }

func verdictWord(lang labs.Lang, prefix string, verdict labs.Verdict) string {
	return words.T(lang, prefix+string(verdictOr(verdict)))
}

// verdictOr keeps a template's blank verdict from naming a text that does not
// exist; the script overwrites it.
func verdictOr(verdict labs.Verdict) labs.Verdict {
	if verdict == "" {
		return labs.Failed
	}
	return verdict
}
