package labs

import (
	"hash/fnv"
	"slices"
	"strings"
)

// Variable is something that differs from one session to the next: {{Name}} in a
// lab stands for one of Values, of which there are at least two.
type Variable struct {
	Name   string
	Values []string
}

// Values draws a value for each variable of the lab. The same seed draws the
// same values, whatever other variables the lab has.
func (l Lab) Values(seed string) map[string]string {
	drawn := map[string]string{}
	for _, v := range l.Vary {
		hash := fnv.New64a()
		_, _ = hash.Write([]byte(seed + "\x00" + l.ID + "\x00" + v.Name)) // never fails
		drawn[v.Name] = v.Values[hash.Sum64()%uint64(len(v.Values))]
	}
	return drawn
}

// Fill puts values in the place of their names: {{team}} becomes red.
func Fill(text string, values map[string]string) string {
	pairs := make([]string, 0, 2*len(values))
	for name, value := range values {
		pairs = append(pairs, "{{"+name+"}}", value)
	}
	return strings.NewReplacer(pairs...).Replace(text)
}

// For returns the lab as the session with that seed sees it, with every variable
// filled in. It shares nothing with l that For would have to change.
func (l Lab) For(seed string) Lab {
	if len(l.Vary) == 0 {
		return l
	}
	f := filler(l.Values(seed))
	l.Title, l.Summary, l.Text, l.Recap = f.text(l.Title), f.text(l.Summary), f.text(l.Text), f.text(l.Recap)
	l.Setup = f.str(l.Setup)
	l.Irrecoverable = each(l.Irrecoverable, func(i Irrecoverable) Irrecoverable {
		return Irrecoverable{f.check(i.Check), f.text(i.Say)}
	})
	l.Steps = each(l.Steps, f.step)
	return l
}

// filler fills in the values it maps names to.
type filler map[string]string

func (f filler) str(s string) string { return Fill(s, f) }

func (f filler) text(t Text) Text {
	if t == nil {
		return nil
	}
	filled := Text{}
	for lang, s := range t {
		filled[lang] = f.str(s)
	}
	return filled
}

func (f filler) step(s Step) Step {
	s.Title, s.Text = f.text(s.Title), f.text(s.Text)
	s.Start, s.Solution = f.str(s.Start), f.str(s.Solution)
	s.Hints = each(s.Hints, f.text)
	s.Checks = each(s.Checks, f.check)
	return s
}

func (f filler) check(c Check) Check {
	c.Failed = f.text(c.Failed)
	c.Object, c.Script = f.object(c.Object), f.script(c.Script)
	if c.File != nil {
		c.File = &FileCheck{c.File.Node, f.str(c.File.Path), c.File.Absent, f.str(c.File.Expr)}
	}
	if c.Kubeconfig != nil {
		c.Kubeconfig = &KubeconfigCheck{f.str(c.Kubeconfig.Expr)}
	}
	if c.Answer != nil {
		c.Answer = &AnswerCheck{c.Answer.Kind, each(c.Answer.Choices, f.choice), each(c.Answer.Equals, f.expected)}
	}
	return c
}

func (f filler) object(o *ObjectCheck) *ObjectCheck {
	if o == nil {
		return nil
	}
	filled := *o
	for _, s := range []*string{&filled.Namespace, &filled.Name, &filled.Selector, &filled.Expr, &filled.List} {
		*s = f.str(*s)
	}
	return &filled
}

func (f filler) script(s *ScriptCheck) *ScriptCheck {
	if s == nil {
		return nil
	}
	return &ScriptCheck{s.Node, f.str(s.Script)}
}

func (f filler) choice(c Choice) Choice { return Choice{c.ID, f.text(c.Text)} }

func (f filler) expected(e Expected) Expected {
	return Expected{f.str(e.Value), e.Node, f.object(e.Object), f.script(e.Script), f.str(e.Expr)}
}

// each returns what change makes of every item.
func each[T any](items []T, change func(T) T) []T {
	changed := slices.Clone(items)
	for i := range changed {
		changed[i] = change(changed[i])
	}
	return changed
}
