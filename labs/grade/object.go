package grade

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/greenbox-lab/greenbox/labs"
	"github.com/greenbox-lab/greenbox/labs/expr"
	"k8s.io/apimachinery/pkg/api/meta"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
)

// condition is what an object check asks of the objects it is about.
type condition struct {
	check labs.ObjectCheck
	one   *expr.Condition // over object: one of them must satisfy it; or nil
	all   *expr.Condition // over objects; or nil
}

func newCondition(check labs.ObjectCheck) (condition, error) {
	c := condition{check: check}
	var err error
	switch {
	case check.List != "":
		c.all, err = expr.NewCondition(expr.Objects, check.List)
	case check.Expr != "":
		c.one, err = expr.NewCondition(expr.Object, check.Expr)
	}
	if err != nil {
		return condition{}, fmt.Errorf("compile check: %w", err)
	}
	return c, nil
}

// holds reports whether the objects are as the check wants them.
func (c condition) holds(ctx context.Context, objects []unstructured.Unstructured) (bool, error) {
	switch {
	case c.check.Absent:
		return len(objects) == 0, nil
	case c.all != nil:
		return satisfied(ctx, c.all, expr.Vars{"objects": contents(objects)})
	case c.one == nil:
		return len(objects) > 0, nil
	}
	for _, o := range objects {
		ok, err := satisfied(ctx, c.one, expr.Vars{"object": o.Object})
		if ok || err != nil {
			return ok, err
		}
	}
	return false, nil
}

// contents returns the objects as expressions see them, ordered by name.
func contents(objects []unstructured.Unstructured) []any {
	all := make([]any, 0, len(objects))
	for _, o := range slices.SortedFunc(slices.Values(objects), byKey) {
		all = append(all, o.Object)
	}
	return all
}

func byKey(a, b unstructured.Unstructured) int { return strings.Compare(key(a), key(b)) }

// satisfied evaluates a condition; data of another shape does not satisfy it.
func satisfied(ctx context.Context, c *expr.Condition, vars expr.Vars) (bool, error) {
	ok, err := c.Holds(ctx, vars)
	var mismatch *expr.MismatchError
	if errors.As(err, &mismatch) {
		return false, nil
	}
	return ok, err
}

func (j judge) object(ctx context.Context, check labs.ObjectCheck) finding {
	c, err := newCondition(check)
	if err != nil {
		return errored(err)
	}
	found, err := ask(ctx, "ask the API server", func(ctx context.Context) ([]unstructured.Unstructured, error) {
		return objects(ctx, j.target, check)
	})
	unknown := meta.IsNoMatchError(err)
	if err != nil && !unknown {
		return errored(err)
	}
	ok, err := c.holds(ctx, found)
	switch {
	case err != nil:
		return errored(err)
	case unknown:
		return held(ok, seenNoKind(check))
	}
	return held(ok, seenObjects(check, found))
}
