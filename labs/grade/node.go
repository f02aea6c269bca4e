package grade

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"strings"

	"github.com/greenbox-lab/greenbox/labs"
	"github.com/greenbox-lab/greenbox/labs/expr"
	"k8s.io/apimachinery/pkg/util/json"
	utilyaml "k8s.io/apimachinery/pkg/util/yaml"
	"k8s.io/client-go/tools/clientcmd"
	"sigs.k8s.io/yaml"
)

// learnersKubeconfig is where kubectl looks on controlplane.
const learnersKubeconfig = "/root/.kube/config"

// read asks for a file. The error is fs.ErrInvalid when something else is there.
func (j judge) read(ctx context.Context, node, path string) (content []byte, exists bool, err error) {
	content, err = ask(ctx, "read a file on "+node, func(ctx context.Context) ([]byte, error) {
		return j.target.ReadFile(ctx, node, path)
	})
	if errors.Is(err, fs.ErrNotExist) {
		return nil, false, nil
	}
	return content, err == nil, err
}

func (j judge) file(ctx context.Context, check labs.FileCheck) finding {
	content, exists, err := j.read(ctx, check.Node, check.Path)
	switch {
	case errors.Is(err, fs.ErrInvalid):
		return failed(seenUnreadable(check.Node))
	case err != nil:
		return errored(err)
	case !exists:
		return held(check.Absent, seenNoFile(check.Node))
	case check.Absent:
		return failed(seenFile(check.Node, len(content)))
	case check.Expr == "":
		return held(true, nil)
	}
	vars := expr.Vars{
		"text": strings.ToValidUTF8(string(content), "\uFFFD"),
		"data": parse(content),
		"docs": documents(content),
	}
	return evaluated(ctx, expr.File, check.Expr, vars, seenFileOtherwise(check.Node, len(content)))
}

// parse returns what a file holds as YAML or JSON, or nil.
func parse(content []byte) any {
	asJSON, err := yaml.YAMLToJSON(content)
	if err != nil {
		return nil
	}
	var data any
	if err := json.Unmarshal(asJSON, &data); err != nil {
		return nil
	}
	return data
}

// documents returns what each YAML document of a file holds, in order, without
// those that hold nothing or are none.
func documents(content []byte) []any {
	all := []any{}
	reader := utilyaml.NewYAMLReader(bufio.NewReader(bytes.NewReader(content)))
	for {
		document, err := reader.Read()
		if err != nil {
			return all
		}
		if data := parse(document); data != nil {
			all = append(all, data)
		}
	}
}

func evaluated(ctx context.Context, over expr.Over, source string, vars expr.Vars, seen labs.Text) finding {
	c, err := expr.NewCondition(over, source)
	if err != nil {
		return errored(fmt.Errorf("compile check: %w", err))
	}
	ok, err := satisfied(ctx, c, vars)
	if err != nil {
		return errored(err)
	}
	return held(ok, seen)
}

func (j judge) kubeconfig(ctx context.Context, check labs.KubeconfigCheck) finding {
	content, exists, err := j.read(ctx, labs.ControlPlane, learnersKubeconfig)
	if errors.Is(err, fs.ErrInvalid) {
		return failed(seenUnreadable(labs.ControlPlane))
	}
	if err != nil {
		return errored(err)
	}
	if !exists {
		return failed(seenNoKubeconfig())
	}
	config, err := clientcmd.Load(content)
	if err != nil {
		return failed(seenBadKubeconfig(err))
	}
	current, ok := config.Contexts[config.CurrentContext]
	if !ok {
		return failed(seenNoContext(config.CurrentContext))
	}
	namespace := current.Namespace
	if namespace == "" {
		namespace = "default"
	}
	named := map[string]string{
		"name": config.CurrentContext, "cluster": current.Cluster, "user": current.AuthInfo, "namespace": namespace,
	}
	return evaluated(ctx, expr.Context, check.Expr, expr.Vars{"context": named}, seenContext(named))
}

func (j judge) script(ctx context.Context, check labs.ScriptCheck) finding {
	code, output, err := j.target.Run(ctx, check.Node, check.Script)
	if err != nil {
		return errored(fmt.Errorf("run a script on %s: %w", check.Node, err))
	}
	return held(code == 0, seenExit(check.Node, code, output))
}
