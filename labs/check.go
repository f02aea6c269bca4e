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

// ObjectCheck asks the API server for objects: those of Name, of Selector, or
// every one. With Absent none may exist, else at least one must exist and, where
// Expr is set, satisfy it; List judges all of them together, be there any or none.
type ObjectCheck struct {
	Kind      string // as kubectl spells it: Pod, Deployment.apps
	Namespace string
	Name      string
	Selector  string // a label selector
	Absent    bool
	Expr      string        // CEL over object
	List      string        // CEL over objects
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
	Expr   string // CEL over text, data (the file as YAML or JSON) and docs (all its YAML documents)
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

// AnswerCheck compares what the learner typed with values of which any is right.
type AnswerCheck struct {
	Kind    AnswerKind
	Choices []Choice
	Equals  []Expected
}

// Choice is one possible answer to a question of kind choice.
type Choice struct {
	ID   string
	Text Text
}

// Expected is a right answer: Value, or what is computed from the learner's own
// cluster. That is the last line Script prints, or Expr: over object and objects
// where Object says which, else over configz (the kubelet configuration of Node,
// as its /configz endpoint gives it).
type Expected struct {
	Value  string
	Node   string
	Object *ObjectCheck
	Script *ScriptCheck
	Expr   string
}

// ScriptCheck runs a bash script as root on a node; exit code 0 passes.
type ScriptCheck struct {
	Node   string
	Script string // the content, not the path
}
