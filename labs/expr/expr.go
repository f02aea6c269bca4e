// Package expr is the language in which labs say what must be true: CEL, the
// same that Kubernetes uses for validation, compiled and type-checked when a lab
// is loaded and evaluated when a step is judged.
//
// What an expression sees depends on what it looks at (Over): an object, several
// objects, a file's text and data, a kubeconfig context, a kubelet's configz. A Condition comes to
// true or false, a Value to the text of a string or number. Beside the standard
// functions there are the strings and lists extensions and optionals
// (object.?status.?phase.orValue("")). Evaluation is bounded by a cost limit.
//
// It knows nothing of clusters, files or labs: callers bring the variables as
// plain Go values (map[string]any, []any, string, int64, float64, bool, nil).
package expr

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"github.com/google/cel-go/cel"
	"github.com/google/cel-go/common"
	"github.com/google/cel-go/common/types"
	"github.com/google/cel-go/common/types/ref"
	"github.com/google/cel-go/ext"
	"github.com/google/cel-go/interpreter"
)

// Over is what an expression looks at, and so which variables it may use.
type Over string

// What expressions may look at, with their variables.
const (
	Object  Over = "object"  // object: a Kubernetes object
	Objects Over = "objects" // objects: a list of Kubernetes objects
	Found   Over = "found"   // objects, and object: each of them in turn, null when there is none
	File    Over = "file"    // text: string; data: what it holds as YAML or JSON, else null; docs: all its YAML documents
	Context Over = "context" // context: map of name, namespace, cluster, user
	Configz Over = "configz" // configz: a KubeletConfiguration
)

// Vars are the variables of one evaluation, by name.
type Vars map[string]any

// costLimit is in CEL's own units; a step's expression costs some dozens.
const costLimit = 200_000

// CompileError is what is wrong with an expression. Line and Column start at 1
// and count within the expression.
type CompileError struct {
	Line, Column int
	Message      string
}

func (e *CompileError) Error() string {
	return fmt.Sprintf("expression, line %d, column %d: %s", e.Line, e.Column, e.Message)
}

// MismatchError says that the data is not of the shape the expression needs: a
// key that is not there, text where a number should be. It is the cluster that
// differs, not the expression that is wrong.
type MismatchError struct{ Message string }

func (e *MismatchError) Error() string { return "evaluate expression: " + e.Message }

func (o Over) variables() ([]cel.EnvOption, error) {
	switch o {
	case Object, Configz:
		return []cel.EnvOption{cel.Variable(string(o), cel.DynType)}, nil
	case Objects:
		return []cel.EnvOption{cel.Variable("objects", cel.ListType(cel.DynType))}, nil
	case Found:
		return []cel.EnvOption{cel.Variable("object", cel.DynType), cel.Variable("objects", cel.ListType(cel.DynType))}, nil
	case File:
		return []cel.EnvOption{
			cel.Variable("text", cel.StringType), cel.Variable("data", cel.DynType), cel.Variable("docs", cel.ListType(cel.DynType)),
		}, nil
	case Context:
		return []cel.EnvOption{cel.Variable("context", cel.MapType(cel.StringType, cel.StringType))}, nil
	}
	return nil, fmt.Errorf("no expressions over %q", string(o))
}

// compile returns a program whose result is of one of the types, or is known
// only when it runs. Every mistake found is a *CompileError, joined.
func compile(over Over, source, wanted string, kinds ...*cel.Type) (cel.Program, error) {
	options, err := over.variables()
	if err != nil {
		return nil, err
	}
	env, err := cel.NewEnv(append(options, ext.Strings(), ext.Lists(), cel.OptionalTypes(),
		cel.ASTValidators(cel.ValidateRegexLiterals()))...)
	if err != nil {
		return nil, fmt.Errorf("make expression environment: %w", err)
	}
	ast, issues := env.Compile(source)
	if issues.Err() != nil {
		return nil, compileErrors(issues.Errors())
	}
	if got := ast.OutputType(); !allowed(got, kinds) {
		return nil, &CompileError{1, 1, fmt.Sprintf("comes to %s, but must come to %s", got, wanted)}
	}
	program, err := env.Program(ast, cel.CostLimit(costLimit), cel.InterruptCheckFrequency(100))
	if err != nil {
		return nil, fmt.Errorf("plan expression: %w", err)
	}
	return program, nil
}

func compileErrors(found []*common.Error) error {
	joined := make([]error, 0, len(found))
	for _, e := range found {
		message := strings.ReplaceAll(e.Message, " (in container '')", "")
		joined = append(joined, &CompileError{e.Location.Line(), e.Location.Column() + 1, message})
	}
	return errors.Join(joined...)
}

func allowed(got *cel.Type, kinds []*cel.Type) bool {
	for _, k := range append(kinds, cel.DynType) {
		if got.IsExactType(k) {
			return true
		}
	}
	return false
}

func evaluate(ctx context.Context, program cel.Program, vars Vars) (ref.Val, error) {
	out, _, err := program.ContextEval(ctx, map[string]any(vars))
	var cancelled interpreter.EvalCancelledError
	switch {
	case errors.As(err, &cancelled), err != nil && ctx.Err() != nil:
		return nil, fmt.Errorf("evaluate expression: %w", err)
	case err != nil:
		return nil, &MismatchError{err.Error()}
	case types.IsUnknownOrError(out):
		return nil, &MismatchError{fmt.Sprint(out)}
	}
	return out, nil
}
