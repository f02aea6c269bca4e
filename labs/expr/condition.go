package expr

import (
	"context"
	"fmt"

	"github.com/google/cel-go/cel"
	"github.com/google/cel-go/common/types"
)

// Condition is an expression that comes to true or false. It may be used from
// several goroutines at once.
type Condition struct{ program cel.Program }

// NewCondition compiles source. Mistakes are *CompileError, joined.
func NewCondition(over Over, source string) (*Condition, error) {
	program, err := compile(over, source, "true or false", cel.BoolType)
	if err != nil {
		return nil, err
	}
	return &Condition{program}, nil
}

// Holds reports whether the condition is true of vars. The error is a
// *MismatchError when vars are not of the shape it needs, anything else when it
// cost too much or ctx ended.
func (c *Condition) Holds(ctx context.Context, vars Vars) (bool, error) {
	out, err := evaluate(ctx, c.program, vars)
	if err != nil {
		return false, err
	}
	held, ok := out.(types.Bool)
	if !ok {
		return false, &MismatchError{fmt.Sprintf("comes to %s, but must come to true or false", out.Type().TypeName())}
	}
	return bool(held), nil
}
