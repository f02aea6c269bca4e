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
		"equals":  func(n *yaml.Node) { a.Equals = r.expected(n) },
	}, "kind", "equals")
	r.answerable(n, a)
	return a
}

// answerable refuses a question whose answer cannot be given.
func (r *reader) answerable(n *yaml.Node, a *labs.AnswerCheck) {
	isRight := func(c labs.Choice) bool { return c.ID == a.Equals.Value }
	_, err := strconv.ParseFloat(a.Equals.Value, 64)
	fixed := a.Equals.Expr == ""
	switch {
	case (a.Kind == labs.AnswerChoice) != (len(a.Choices) > 1):
		r.refuseNode(n, "give kind choice two or more, and the other kinds none", "kind %s with %d choices", a.Kind, len(a.Choices))
	case a.Kind == labs.AnswerChoice && fixed && !slices.ContainsFunc(a.Choices, isRight):
		r.refuseNode(n, "write the id of a choice", "equals is none of the choices: %q", a.Equals.Value)
	case a.Kind == labs.AnswerNumber && fixed && err != nil:
		r.refuseNode(n, "write a number", "equals is no number: %q", a.Equals.Value)
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

// expected reads a fixed answer, or how to compute one.
func (r *reader) expected(n *yaml.Node) labs.Expected {
	var e labs.Expected
	if n.Kind == yaml.ScalarNode {
		if e.Value = n.Value; e.Value == "" {
			r.refuseNode(n, "write the right answer, or {node, expr}", "the right answer is empty")
		}
		return e
	}
	r.mapping(n, fields{
		"node": r.oneOf(&e.Node, labs.Nodes()...),
		"expr": func(n *yaml.Node) {
			r.str(&e.Expr)(n)
			if e.Expr != "" {
				_, err := expr.NewValue(expr.Configz, e.Expr)
				r.compiled(n, err)
			}
		},
	}, "node", "expr")
	return e
}
