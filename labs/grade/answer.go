package grade

import (
	"context"
	"errors"
	"fmt"
	"path"
	"slices"
	"strconv"
	"strings"
	"unicode"

	"github.com/greenbox-lab/greenbox/labs"
	"github.com/greenbox-lab/greenbox/labs/expr"
	"golang.org/x/text/width"
	"k8s.io/apimachinery/pkg/api/meta"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
)

// compare passes an answer that is one of the right ones. While one of them is
// unknown, an answer that is none of the others is not wrong.
func (j judge) compare(ctx context.Context, check labs.AnswerCheck) finding {
	var unknown error
	for _, e := range check.Equals {
		right, err := j.expected(ctx, e)
		if slices.ContainsFunc(right, func(r string) bool { return sameAnswer(check.Kind, j.answer, r) }) {
			return held(true, nil)
		}
		if err != nil {
			unknown = err
		}
	}
	if unknown != nil {
		return errored(unknown)
	}
	return failed(seenAnswer(j.answer))
}

// expected returns what is right, computed from the cluster where it has to be:
// nothing, where the cluster has no such thing.
func (j judge) expected(ctx context.Context, e labs.Expected) ([]string, error) {
	switch {
	case e.Script != nil:
		return j.printed(ctx, *e.Script)
	case e.Object != nil:
		return j.ofObjects(ctx, *e.Object, e.Expr)
	case e.Expr != "":
		return j.ofKubelet(ctx, e.Node, e.Expr)
	}
	return []string{e.Value}, nil
}

// printed returns the last line that a script prints.
func (j judge) printed(ctx context.Context, script labs.ScriptCheck) ([]string, error) {
	code, output, err := j.target.Run(ctx, script.Node, script.Script)
	if err != nil {
		return nil, fmt.Errorf("run a script on %s: %w", script.Node, err)
	}
	if code != 0 {
		return nil, fmt.Errorf("the script that finds the answer on %s ended with exit code %d: %s", script.Node, code, lastLine(output))
	}
	return []string{lastLine(output)}, nil
}

// ofObjects returns the value over each of the objects; they are one where it is
// over all of them only.
func (j judge) ofObjects(ctx context.Context, check labs.ObjectCheck, source string) ([]string, error) {
	found, err := ask(ctx, "ask the API server", func(ctx context.Context) ([]unstructured.Unstructured, error) {
		return objects(ctx, j.target, check)
	})
	if err != nil && !meta.IsNoMatchError(err) {
		return nil, err
	}
	all := contents(found)
	if len(all) == 0 {
		return values(ctx, expr.Found, source, expr.Vars{"object": nil, "objects": all})
	}
	var vars []expr.Vars
	for _, o := range all {
		vars = append(vars, expr.Vars{"object": o, "objects": all})
	}
	return values(ctx, expr.Found, source, vars...)
}

func (j judge) ofKubelet(ctx context.Context, node, source string) ([]string, error) {
	config, err := ask(ctx, "ask the kubelet of "+node, func(ctx context.Context) (map[string]any, error) {
		return configz(ctx, j.target, node)
	})
	if err != nil {
		return nil, err
	}
	return values(ctx, expr.Configz, source, expr.Vars{"configz": config})
}

// values returns what an expression comes to over each of vars that is of the
// shape it needs.
func values(ctx context.Context, over expr.Over, source string, each ...expr.Vars) ([]string, error) {
	value, err := expr.NewValue(over, source)
	if err != nil {
		return nil, fmt.Errorf("compile answer: %w", err)
	}
	var all []string
	for _, vars := range each {
		text, err := value.Of(ctx, vars)
		var mismatch *expr.MismatchError
		switch {
		case errors.As(err, &mismatch):
		case err != nil:
			return nil, err
		default:
			all = append(all, text)
		}
	}
	return all, nil
}

// sameAnswer reports whether what was typed says the same as the right answer. An
// empty one, of a cluster that has nothing to say, is never right.
func sameAnswer(kind labs.AnswerKind, typed, right string) bool {
	typed, right = plain(typed), plain(right)
	if right == "" {
		return false
	}
	if kind == labs.AnswerNumber {
		a, errA := strconv.ParseFloat(typed, 64)
		b, errB := strconv.ParseFloat(right, 64)
		return errA == nil && errB == nil && a == b
	}
	if path.IsAbs(typed) && path.IsAbs(right) {
		return path.Clean(typed) == path.Clean(right)
	}
	return typed == right
}

// plain is an answer without what does not matter: quotes and space around it,
// how much space is within, case, and the full width of an input method.
func plain(answer string) string {
	around := func(r rune) bool { return unicode.IsSpace(r) || strings.ContainsRune("\"'`“”‘’「」", r) }
	answer = strings.TrimFunc(width.Fold.String(answer), around)
	return strings.ToLower(strings.Join(strings.Fields(answer), " "))
}
