package expr

import (
	"context"
	"fmt"
	"strconv"

	"github.com/google/cel-go/cel"
)

// Value is an expression that comes to a string or a number. It may be used from
// several goroutines at once.
type Value struct{ program cel.Program }

// NewValue compiles source. Mistakes are *CompileError, joined.
func NewValue(over Over, source string) (*Value, error) {
	program, err := compile(over, source, "a string or a number",
		cel.StringType, cel.IntType, cel.UintType, cel.DoubleType)
	if err != nil {
		return nil, err
	}
	return &Value{program}, nil
}

// Of returns the value over vars as text; numbers are written in decimal. Errors
// are those of Condition.Holds.
func (v *Value) Of(ctx context.Context, vars Vars) (string, error) {
	out, err := evaluate(ctx, v.program, vars)
	if err != nil {
		return "", err
	}
	switch native := out.Value().(type) {
	case string:
		return native, nil
	case int64:
		return strconv.FormatInt(native, 10), nil
	case uint64:
		return strconv.FormatUint(native, 10), nil
	case float64:
		return strconv.FormatFloat(native, 'f', -1, 64), nil
	}
	return "", &MismatchError{fmt.Sprintf("comes to %s, but must come to a string or a number", out.Type().TypeName())}
}
