package cluster

import (
	"context"
	"strings"
)

// RunScript runs a bash script on a node by Access.Run, as a learner's commands
// run: in /root, and with nothing to read.
func RunScript(ctx context.Context, a Access, name, node, script string) (Result, error) {
	const shell = `cd /root; export HOME=/root; unset KUBECONFIG; script=$(cat); exec bash -c "$script" </dev/null`
	return a.Run(ctx, name, node, []string{"bash", "-c", shell}, strings.NewReader(script))
}
