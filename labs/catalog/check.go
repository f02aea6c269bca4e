package catalog

import (
	"path"
	"regexp"

	"github.com/greenbox-lab/greenbox/labs"
	"github.com/greenbox-lab/greenbox/labs/expr"
	"go.yaml.in/yaml/v3"
	"k8s.io/apimachinery/pkg/labels"
)

// check reads one check: what it is called, and exactly one of the five kinds.
func (r *reader) check(n *yaml.Node, taken map[string]bool) labs.Check {
	c := labs.Check{Points: 1}
	r.oneKind(n, fields{
		"id":     r.id(&c.ID, taken),
		"points": r.count(&c.Points),
		"failed": r.text(&c.Failed),
	}, fields{
		"object":     func(n *yaml.Node) { c.Object = r.object(n) },
		"file":       func(n *yaml.Node) { c.File = r.fileCheck(n) },
		"kubeconfig": func(n *yaml.Node) { c.Kubeconfig = r.kubeconfig(n) },
		"answer":     func(n *yaml.Node) { c.Answer = r.answer(n) },
		"script":     func(n *yaml.Node) { c.Script = r.scriptCheck(n) },
	}, "id", "failed")
	return c
}

// irrecoverable reads the states from which only a reset leads back.
func (r *reader) irrecoverable(n *yaml.Node) []labs.Irrecoverable {
	var all []labs.Irrecoverable
	r.each(n, func(n *yaml.Node) {
		i := labs.Irrecoverable{}
		r.oneKind(n, fields{"say": r.text(&i.Say)}, fields{
			"object": func(n *yaml.Node) { i.Check.Object = r.object(n) },
			"file":   func(n *yaml.Node) { i.Check.File = r.fileCheck(n) },
			"script": func(n *yaml.Node) { i.Check.Script = r.scriptCheck(n) },
		}, "say")
		all = append(all, i)
	})
	return all
}

// oneKind reads a mapping that has exactly one of kinds beside what else is known.
func (r *reader) oneKind(n *yaml.Node, known, kinds fields, required ...string) {
	count := 0
	for key, read := range kinds {
		known[key] = func(n *yaml.Node) { count++; read(n) }
	}
	r.mapping(n, known, required...)
	if count != 1 {
		r.refuseNode(n, "have exactly one of "+keys(kinds), "the check has %d kinds", count)
	}
}

func (r *reader) object(n *yaml.Node) *labs.ObjectCheck {
	o := &labs.ObjectCheck{}
	r.mapping(n, fields{
		"kind":      r.kind(&o.Kind),
		"namespace": r.str(&o.Namespace),
		"name":      r.str(&o.Name),
		"selector":  r.selector(&o.Selector),
		"absent":    r.truth(&o.Absent),
		"expr":      r.condition(&o.Expr, expr.Object),
		"list":      r.condition(&o.List, expr.Objects),
		"for":       r.duration(&o.For, labs.MaxFor),
	}, "kind")
	if o.Name != "" && o.Selector != "" {
		r.refuseNode(n, "have one of name, selector, or neither for every object", "the check says twice which objects")
	}
	if o.List != "" && o.Expr != "" {
		r.refuseNode(n, "have one of expr, list", "the check has two conditions")
	}
	r.absentOrExpr(n, o.Absent, o.Expr+o.List)
	return o
}

func (r *reader) fileCheck(n *yaml.Node) *labs.FileCheck {
	f := &labs.FileCheck{}
	r.mapping(n, fields{
		"node":   r.oneOf(&f.Node, labs.Nodes()...),
		"path":   r.absolute(&f.Path),
		"absent": r.truth(&f.Absent),
		"expr":   r.condition(&f.Expr, expr.File),
	}, "node", "path")
	r.absentOrExpr(n, f.Absent, f.Expr)
	return f
}

func (r *reader) absentOrExpr(n *yaml.Node, absent bool, source string) {
	if absent && source != "" {
		r.refuseNode(n, "remove absent or expr", "nothing that is absent can satisfy an expression")
	}
}

func (r *reader) kubeconfig(n *yaml.Node) *labs.KubeconfigCheck {
	k := &labs.KubeconfigCheck{}
	r.mapping(n, fields{"expr": r.condition(&k.Expr, expr.Context)}, "expr")
	return k
}

func (r *reader) scriptCheck(n *yaml.Node) *labs.ScriptCheck {
	s := &labs.ScriptCheck{}
	r.mapping(n, fields{"node": r.oneOf(&s.Node, labs.Nodes()...), "run": r.script(&s.Script)}, "node", "run")
	return s
}

func (r *reader) kind(into *string) func(*yaml.Node) {
	valid := regexp.MustCompile(`^[A-Za-z][A-Za-z0-9]*(\.[a-z0-9][a-z0-9.-]*)?$`)
	return func(n *yaml.Node) {
		if !valid.MatchString(n.Value) {
			r.refuseNode(n, "write it as kubectl does: Pod, Deployment.apps", "%q is no kind", n.Value)
			return
		}
		*into = n.Value
	}
}

func (r *reader) selector(into *string) func(*yaml.Node) {
	return func(n *yaml.Node) {
		if _, err := labels.Parse(r.filled(n.Value)); err != nil || n.Value == "" {
			r.refuseNode(n, "write it as kubectl -l does: app=web", "%q is no label selector", n.Value)
			return
		}
		*into = n.Value
	}
}

func (r *reader) absolute(into *string) func(*yaml.Node) {
	return func(n *yaml.Node) {
		if p := r.filled(n.Value); !path.IsAbs(p) || path.Clean(p) != p {
			r.refuseNode(n, "write the whole path from /, with no trailing slash", "%q is no absolute path", n.Value)
			return
		}
		*into = n.Value
	}
}

func (r *reader) condition(into *string, over expr.Over) func(*yaml.Node) {
	return func(n *yaml.Node) {
		r.str(into)(n)
		if *into != "" {
			_, err := expr.NewCondition(over, r.filled(*into))
			r.compiled(n, err)
		}
	}
}

// compiled refuses an expression that does not compile.
func (r *reader) compiled(n *yaml.Node, err error) {
	if err != nil {
		r.refuseNode(n, "correct the expression", "%v", err)
	}
}
