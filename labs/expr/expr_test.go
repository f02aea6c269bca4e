package expr_test

import (
	"context"
	"errors"
	"strings"
	"testing"

	"github.com/greenbox-lab/greenbox/labs/expr"
)

func pod() expr.Vars {
	return expr.Vars{"object": map[string]any{
		"metadata": map[string]any{"name": "web", "labels": map[string]any{"app": "web"}},
		"spec": map[string]any{
			"replicas":   int64(3),
			"containers": []any{map[string]any{"image": "nginx"}, map[string]any{"image": "busybox"}},
		},
		"status": map[string]any{"phase": "Running"},
	}}
}

func TestConditionHolds(t *testing.T) {
	tests := map[string]struct {
		over   expr.Over
		source string
		vars   expr.Vars
		want   bool
	}{
		"a field is compared":                   {expr.Object, `object.status.phase == 'Running'`, pod(), true},
		"a number is compared":                  {expr.Object, `object.spec.replicas > 2`, pod(), true},
		"a list is searched":                    {expr.Object, `object.spec.containers.exists(c, c.image == 'redis')`, pod(), false},
		"a missing field can be asked for":      {expr.Object, `has(object.spec.nodeName)`, pod(), false},
		"a missing field can have a default":    {expr.Object, `object.?spec.?nodeName.orValue('') == ''`, pod(), true},
		"a function of the strings extension":   {expr.File, `text.trim().split('\n').size() == 2`, expr.Vars{"text": "a\nb\n", "data": nil}, true},
		"a function of the lists extension":     {expr.File, `data.distinct().size() == 1`, expr.Vars{"text": "", "data": []any{"a", "a"}}, true},
		"a file's data with a whole float":      {expr.File, `data.replicas == 3`, expr.Vars{"text": "", "data": map[string]any{"replicas": 3.0}}, true},
		"several objects are counted":           {expr.Objects, `objects.filter(o, o.ready).size() == 1`, expr.Vars{"objects": []any{map[string]any{"ready": true}, map[string]any{"ready": false}}}, true},
		"an object among all":                   {expr.Found, `object == objects[1]`, expr.Vars{"object": "b", "objects": []any{"a", "b"}}, true},
		"a file's documents are searched":       {expr.File, `docs.exists(d, d.kind == 'Pod')`, expr.Vars{"text": "", "data": nil, "docs": []any{map[string]any{"kind": "Pod"}}}, true},
		"a context's namespace":                 {expr.Context, `context.namespace == 'dev'`, expr.Vars{"context": map[string]string{"namespace": "dev"}}, true},
		"a kubelet's configuration as a truth":  {expr.Configz, `configz.rotateCertificates`, expr.Vars{"configz": map[string]any{"rotateCertificates": true}}, true},
		"a short circuit hides a missing field": {expr.Object, `object.status.phase == 'Running' || object.no.such`, pod(), true},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			c, err := expr.NewCondition(tt.over, tt.source)
			if err != nil {
				t.Fatal(err)
			}
			got, err := c.Holds(t.Context(), tt.vars)
			if err != nil || got != tt.want {
				t.Errorf("Holds() = %v, %v; want %v", got, err, tt.want)
			}
		})
	}
}

func TestConditionThatDoesNotFitTheData(t *testing.T) {
	tests := map[string]string{
		"a field that is not there":         `object.status.podIP == '10.0.0.1'`,
		"a field of something that is text": `object.metadata.name.first == 'w'`,
		"an index beyond the list":          `object.spec.containers[5].image == 'nginx'`,
		"a result that is no truth":         `object.status.phase`,
	}
	for name, source := range tests {
		t.Run(name, func(t *testing.T) {
			c, err := expr.NewCondition(expr.Object, source)
			if err != nil {
				t.Fatal(err)
			}
			held, err := c.Holds(t.Context(), pod())
			var mismatch *expr.MismatchError
			if held || !errors.As(err, &mismatch) {
				t.Errorf("Holds() = %v, %v; want a *MismatchError", held, err)
			}
		})
	}
}

func TestCompileErrors(t *testing.T) {
	condition := func(over expr.Over, source string) error { _, err := expr.NewCondition(over, source); return err }
	value := func(over expr.Over, source string) error { _, err := expr.NewValue(over, source); return err }
	tests := map[string]struct {
		compile func(expr.Over, string) error
		over    expr.Over
		source  string
		line    int
		column  int
		says    string
	}{
		"an unknown variable":                 {condition, expr.Object, `obejct.status == 1`, 1, 1, "undeclared reference to 'obejct'"},
		"a variable of another kind of check": {condition, expr.File, `object.status == 1`, 1, 1, "undeclared reference to 'object'"},
		"a syntax error on the second line":   {condition, expr.Object, "object.a == 1 &&\n  (object.b", 2, 12, "Syntax error"},
		"types that cannot be compared":       {condition, expr.File, `text == 1`, 1, 6, "no matching overload"},
		"a condition that comes to text":      {condition, expr.File, `text`, 1, 1, "comes to string, but must come to true or false"},
		"a value that comes to a truth":       {value, expr.Configz, `1 == 1`, 1, 1, "comes to bool, but must come to a string or a number"},
		"a regular expression that is none":   {condition, expr.File, `text.matches('(')`, 1, 14, "matches"},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			err := tt.compile(tt.over, tt.source)
			var compile *expr.CompileError
			if !errors.As(err, &compile) {
				t.Fatalf("error is %v; want a *CompileError", err)
			}
			if compile.Line != tt.line || compile.Column != tt.column || !strings.Contains(compile.Message, tt.says) {
				t.Errorf("got %v; want line %d, column %d, saying %q", compile, tt.line, tt.column, tt.says)
			}
		})
	}
}

func TestEveryMistakeIsReported(t *testing.T) {
	_, err := expr.NewCondition(expr.Object, `a == b`)
	for _, name := range []string{"'a'", "'b'"} {
		if err == nil || !strings.Contains(err.Error(), name) {
			t.Errorf("error is %v; want it to name %s", err, name)
		}
	}
}

func TestValueOf(t *testing.T) {
	configz := expr.Vars{"configz": map[string]any{"staticPodPath": "/etc/x", "maxPods": int64(110), "share": 0.5}}
	tests := map[string]struct{ source, want string }{
		"text":             {`configz.staticPodPath`, "/etc/x"},
		"a whole number":   {`configz.maxPods`, "110"},
		"a fraction":       {`configz.share`, "0.5"},
		"something worked": {`configz.maxPods + 1`, "111"},
		"a count":          {`size(configz)`, "3"},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			v, err := expr.NewValue(expr.Configz, tt.source)
			if err != nil {
				t.Fatal(err)
			}
			if got, err := v.Of(t.Context(), configz); err != nil || got != tt.want {
				t.Errorf("Of() = %q, %v; want %q", got, err, tt.want)
			}
		})
	}
}

func TestEvaluationIsBounded(t *testing.T) {
	many := make([]any, 5000)
	for i := range many {
		many[i] = int64(i)
	}
	c, err := expr.NewCondition(expr.Object, `object.all(a, object.all(b, a + b >= 0))`)
	if err != nil {
		t.Fatal(err)
	}
	cancelled, cancel := context.WithCancel(t.Context())
	cancel()
	for name, ctx := range map[string]context.Context{"by its cost": t.Context(), "by its context": cancelled} {
		t.Run(name, func(t *testing.T) {
			_, err := c.Holds(ctx, expr.Vars{"object": many})
			var mismatch *expr.MismatchError
			if err == nil || errors.As(err, &mismatch) {
				t.Errorf("Holds() error is %v; want one that is no *MismatchError", err)
			}
		})
	}
}
