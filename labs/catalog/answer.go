package catalog

import (
	"slices"
	"strconv"

	"github.com/greenbox-lab/greenbox/labs"
	"github.com/greenbox-lab/greenbox/labs/expr"
	"go.yaml.in/yaml/v3"
)

func (r *reader) answer(n *yaml.Node) *labs.AnswerCheck {
	a := &labs.AnswerCheck{}
	r.mapping(n, fields{
		"kind": r.oneOf((*string)(&a.Kind),
			string(labs.AnswerText), string(labs.AnswerNumber), string(labs.AnswerChoice)),
		"choices": func(n *yaml.Node) { a.Choices = r.choices(n) },
		"equals":  func(n *yaml.Node) { a.Equals = r.anyOf(n) },
	}, "kind", "equals")
	if (a.Kind == labs.AnswerChoice) != (len(a.Choices) > 1) {
		r.refuseNode(n, "give kind choice two or more, and the other kinds none", "kind %s with %d choices", a.Kind, len(a.Choices))
	}
	for _, right := range a.Equals {
		r.answerable(n, a, right.Value)
	}
	return a
}

// answerable refuses a question whose fixed answer cannot be given.
func (r *reader) answerable(n *yaml.Node, a *labs.AnswerCheck, right string) {
	if right == "" {
		return // it is computed
	}
	isRight := func(c labs.Choice) bool { return c.ID == right }
	_, err := strconv.ParseFloat(r.filled(right), 64)
	switch {
	case a.Kind == labs.AnswerChoice && !slices.ContainsFunc(a.Choices, isRight):
		r.refuseNode(n, "write the id of a choice", "equals is none of the choices: %q", right)
	case a.Kind == labs.AnswerNumber && err != nil:
		r.refuseNode(n, "write a number", "equals is no number: %q", right)
	}
}

func (r *reader) choices(n *yaml.Node) []labs.Choice {
	var choices []labs.Choice
	taken := map[string]bool{}
	r.each(n, func(n *yaml.Node) {
		var c labs.Choice
		r.mapping(n, fields{"id": r.id(&c.ID, taken), "text": r.text(&c.Text)}, "id", "text")
		choices = append(choices, c)
	})
	return choices
}

// anyOf reads the right answers: one, or a list.
func (r *reader) anyOf(n *yaml.Node) []labs.Expected {
	if n.Kind != yaml.SequenceNode {
		return []labs.Expected{r.expected(n)}
	}
	var all []labs.Expected
	r.each(n, func(n *yaml.Node) { all = append(all, r.expected(n)) })
	return all
}

// expected reads a fixed answer, or how to compute one.
func (r *reader) expected(n *yaml.Node) labs.Expected {
	var e labs.Expected
	if n.Kind == yaml.ScalarNode {
		if e.Value = n.Value; e.Value == "" {
			r.refuseNode(n, "write the right answer, or how to find it", "the right answer is empty")
		}
		return e
	}
	r.oneKind(n, fields{"expr": r.str(&e.Expr)}, fields{
		"node":   r.oneOf(&e.Node, labs.Nodes()...),
		"object": func(n *yaml.Node) { e.Object = r.object(n) },
		"script": func(n *yaml.Node) { e.Script = r.scriptCheck(n) },
	})
	r.computable(n, e)
	return e
}

// computable refuses an answer that cannot be computed.
func (r *reader) computable(n *yaml.Node, e labs.Expected) {
	over := expr.Configz
	if e.Object != nil {
		over = expr.Found
		if o := *e.Object; o.Absent || o.Expr != "" || o.List != "" || o.For > 0 {
			r.refuseNode(n, "leave kind, namespace, name and selector", "the object of an answer has a condition")
		}
	}
	switch {
	case e.Script != nil && e.Expr != "":
		r.refuseNode(n, "remove expr: the answer is the last line that the script prints", "a script has no expression")
	case e.Script == nil && e.Expr == "":
		r.refuseNode(n, "add it", "field %q is missing", "expr")
	case e.Script == nil:
		_, err := expr.NewValue(over, r.filled(e.Expr))
		r.compiled(n, err)
	}
}
