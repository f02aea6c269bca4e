package grade

import (
	"context"
	"errors"
	"fmt"

	"github.com/greenbox-lab/greenbox/labs"
	"github.com/greenbox-lab/greenbox/labs/expr"
	"k8s.io/apimachinery/pkg/api/meta"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
)

// condition is what an object check asks of the objects it is about.
type condition struct {
	check labs.ObjectCheck
	expr  *expr.Condition // nil: that one exists
}

func newCondition(check labs.ObjectCheck) (condition, error) {
	if check.Expr == "" {
		return condition{check: check}, nil
	}
	compiled, err := expr.NewCondition(expr.Object, check.Expr)
	if err != nil {
		return condition{}, fmt.Errorf("compile check: %w", err)
	}
	return condition{check, compiled}, nil
}

// holds reports whether the objects are as the check wants them.
func (c condition) holds(ctx context.Context, objects []unstructured.Unstructured) (bool, error) {
	if c.check.Absent {
		return len(objects) == 0, nil
	}
	if c.expr == nil {
		return len(objects) > 0, nil
	}
	for _, o := range objects {
		ok, err := satisfied(ctx, c.expr, expr.Vars{"object": o.Object})
		if ok || err != nil {
			return ok, err
		}
	}
	return false, nil
}

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
	if meta.IsNoMatchError(err) {
		return held(check.Absent, seenNoKind(check))
	}
	if err != nil {
		return errored(err)
	}
	ok, err := c.holds(ctx, found)
	if err != nil {
		return errored(err)
	}
	return held(ok, seenObjects(check, found))
}
