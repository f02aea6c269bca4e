package labs

import "time"

// Check states what must be true of the learner's cluster. Exactly one of
// Object, File, Kubeconfig, Answer and Script is set.
type Check struct {
	ID         string
	Points     int
	Failed     Text // what to tell the learner when it is not true; never the solution
	Object     *ObjectCheck
	File       *FileCheck
	Kubeconfig *KubeconfigCheck
	Answer     *AnswerCheck
	Script     *ScriptCheck
}

// ObjectCheck asks the API server for objects. With Absent none may exist, else
// at least one must exist and, where Expr is set, satisfy it.
type ObjectCheck struct {
	Kind      string // as kubectl spells it: Pod, Deployment.apps
	Namespace string
	Name      string // or Selector
	Selector  string // a label selector
	Absent    bool
	Expr      string        // CEL over object
	For       time.Duration // must have held for this long, at most MaxFor
}

// MaxFor is the longest time an ObjectCheck may ask a condition to hold.
const MaxFor = 15 * time.Second

// FileCheck reads a file on a node. With Absent it must not exist, else it must
// exist and, where Expr is set, satisfy it.
type FileCheck struct {
	Node   string
	Path   string
	Absent bool
	Expr   string // CEL over text and data (the file parsed as YAML or JSON)
}

// KubeconfigCheck looks at the learner's own current context on controlplane.
type KubeconfigCheck struct {
	Expr string // CEL over context: name, namespace, cluster, user
}

// AnswerKind is how an answer is typed and compared.
type AnswerKind string

// The kinds of answer.
const (
	AnswerText   AnswerKind = "text"
	AnswerNumber AnswerKind = "number"
	AnswerChoice AnswerKind = "choice"
)

// AnswerCheck compares what the learner typed with a value that is either fixed
// or computed from their own cluster.
type AnswerCheck struct {
	Kind    AnswerKind
	Choices []Choice
	Equals  Expected
}

// Choice is one possible answer to a question of kind choice.
type Choice struct {
	ID   string
	Text Text
}

// Expected is the right answer: Value, or the result of Expr, evaluated over
// configz (the kubelet configuration of Node, as its /configz endpoint gives it).
type Expected struct {
	Value string
	Node  string
	Expr  string
}

// ScriptCheck runs a bash script as root on a node; exit code 0 passes.
type ScriptCheck struct {
	Node   string
	Script string // the content, not the path
}
