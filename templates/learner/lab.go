package learner

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/greenbox-lab/greenbox/labs"
	"github.com/greenbox-lab/greenbox/templates/words"
)

// scriptData is what the page's script starts from.
type scriptData struct {
	Session string            `json:"session"`
	Lang    labs.Lang         `json:"lang"`
	State   labs.State        `json:"state"`
	Words   map[string]string `json:"words"`
}

func (p LabPage) script() scriptData {
	return scriptData{Session: p.SessionID, Lang: p.Lang, State: p.State, Words: words.Script(p.Lang)}
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

// checkable reports whether steps can be judged now; a paused cluster is
// resumed first.
func (p LabPage) checkable() bool { return p.State == labs.Ready || p.State == labs.Paused }

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
	return "step.check"
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
