package grade

import (
	"context"
	"errors"
	"fmt"
	"path"
	"strconv"
	"strings"

	"github.com/greenbox-lab/greenbox/labs"
	"github.com/greenbox-lab/greenbox/labs/expr"
)

func (j judge) compare(ctx context.Context, check labs.AnswerCheck) finding {
	right, err := j.expected(ctx, check.Equals[0])
	var mismatch *expr.MismatchError
	if errors.As(err, &mismatch) { // the kubelet has no such setting: nothing typed can be right
		return failed(seenAnswer(j.answer))
	}
	if err != nil {
		return errored(err)
	}
	return held(sameAnswer(check.Kind, j.answer, right), seenAnswer(j.answer))
}

// expected returns the right answer, computed from the cluster where it has to be.
func (j judge) expected(ctx context.Context, e labs.Expected) (string, error) {
	if e.Expr == "" {
		return e.Value, nil
	}
	value, err := expr.NewValue(expr.Configz, e.Expr)
	if err != nil {
		return "", fmt.Errorf("compile answer: %w", err)
	}
	config, err := ask(ctx, "ask the kubelet of "+e.Node, func(ctx context.Context) (map[string]any, error) {
		return configz(ctx, j.target, e.Node)
	})
	if err != nil {
		return "", err
	}
	return value.Of(ctx, expr.Vars{"configz": config})
}

// sameAnswer reports whether what was typed says the same as the right answer.
func sameAnswer(kind labs.AnswerKind, typed, right string) bool {
	typed, right = strings.TrimSpace(typed), strings.TrimSpace(right)
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
