package kind

import (
	"bufio"
	"bytes"
	"context"
	"fmt"
	"io"
	"os"
	"os/exec"
	"strings"
	"sync"
	"syscall"
	"time"

	"github.com/greenbox-lab/greenbox/labs"
	"sigs.k8s.io/kind/pkg/cluster"
	"sigs.k8s.io/kind/pkg/errors"
	kindexec "sigs.k8s.io/kind/pkg/exec"
	"sigs.k8s.io/kind/pkg/log"
)

// ChildCommand is the hidden command of the binary that calls Child.
const ChildCommand = "kind-create"

// networkVariable is how the library is told which network to use.
const networkVariable = "KIND_EXPERIMENTAL_DOCKER_NETWORK"

// Child is one cluster's creation, in a process of its own: it reads kind's
// configuration from in, writes each stage as a line to out and returns when
// kubeadm has joined the worker, or with the first line of what went wrong.
func Child(name, image, kubeconfig string, in io.Reader, out io.Writer) error {
	config, err := io.ReadAll(in)
	if err != nil {
		return err
	}
	logger := &stageLogger{out: out}
	err = cluster.NewProvider(cluster.ProviderWithDocker(), cluster.ProviderWithLogger(logger)).Create(name,
		cluster.CreateWithRawConfig(config),
		cluster.CreateWithNodeImage(image),
		cluster.CreateWithKubeconfigPath(kubeconfig),
		cluster.CreateWithRetain(true), // the parent keeps the logs and deletes
		cluster.CreateWithDisplayUsage(false),
		cluster.CreateWithDisplaySalutation(false),
	)
	if run := kindexec.RunErrorForError(err); run != nil {
		return errors.Errorf("%v: %s", err, bytes.TrimSpace(run.Output))
	}
	return err
}

// runChild creates the cluster with kind, and caps the nodes as soon as both exist.
// When ctx ends, the child and all that it started are gone before runChild returns.
func (p *Provider) runChild(ctx context.Context, name string, stage func(labs.Stage), capNodes func() error) error {
	config, err := kindConfig(name, p.host)
	if err != nil {
		return err
	}
	cmd := exec.CommandContext(ctx, p.cfg.Program, ChildCommand, "--name", name, "--image", p.cfg.Image, "--kubeconfig", p.kubeconfigPath(name)) //nolint:gosec // our own binary
	cmd.Env = append(os.Environ(), networkVariable+"="+name)
	cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true, Pdeathsig: syscall.SIGKILL}
	cmd.Cancel = func() error { return syscall.Kill(-cmd.Process.Pid, syscall.SIGKILL) }
	cmd.WaitDelay = 10 * time.Second
	cmd.Stdin = bytes.NewReader(config)
	var complaint bytes.Buffer
	cmd.Stderr = &complaint
	stdout, err := cmd.StdoutPipe()
	if err != nil {
		return err
	}
	if err := cmd.Start(); err != nil {
		return fmt.Errorf("start kind: %w", err)
	}
	capped := followStages(stdout, stage, capNodes)
	if err := cmd.Wait(); err != nil {
		if ctx.Err() != nil {
			return fmt.Errorf("making the cluster was stopped: %w", context.Cause(ctx))
		}
		return fmt.Errorf("kind could not make the cluster: %s", advice(complaint.String()))
	}
	return capped
}

// followStages reports the child's stages until its output ends, and puts the
// caps on the nodes when both containers exist.
func followStages(lines io.Reader, stage func(labs.Stage), capNodes func() error) error {
	var capped error
	last := labs.StageNetwork
	for scan := bufio.NewScanner(lines); scan.Scan(); {
		if strings.HasPrefix(scan.Text(), bothExist) {
			capped = capNodes()
		}
		if now := stageOf(scan.Text()); now != "" && now != last {
			last = now
			stage(now)
		}
	}
	_, _ = io.Copy(io.Discard, lines) // a line too long for the scanner must not hold the child up
	return capped
}

// bothExist begins the line with which kind says that it has made the containers.
const bothExist = " • Writing configuration"

// stageOf is the stage that a line of kind's belongs to, or "".
func stageOf(line string) labs.Stage {
	for prefix, stage := range map[string]labs.Stage{
		" • Preparing nodes":        labs.StageNodes,
		" • Starting control-plane": labs.StageControlPlane,
		" • Joining worker nodes":   labs.StageJoin,
	} {
		if strings.HasPrefix(line, prefix) {
			return stage
		}
	}
	return ""
}

// advice is one sentence for what kind complained of.
func advice(complaint string) string {
	line, _, _ := strings.Cut(strings.TrimSpace(complaint), "\n")
	line = strings.TrimPrefix(line, "greenbox: ")
	switch {
	case strings.Contains(complaint, "could not find a log line"):
		return "a node did not boot in time: the machine is overloaded or out of inotify instances (`greenbox doctor` tells)"
	case strings.Contains(complaint, "no space left"):
		return "the engine's disk is full"
	}
	return line
}

// stageLogger passes the library's progress lines on and drops the rest.
type stageLogger struct {
	mu  sync.Mutex
	out io.Writer // guarded by mu
}

func (l *stageLogger) Warn(string)                      {}
func (l *stageLogger) Warnf(string, ...any)             {}
func (l *stageLogger) Error(string)                     {}
func (l *stageLogger) Errorf(string, ...any)            {}
func (l *stageLogger) V(level log.Level) log.InfoLogger { return progress{l, level == 0} }

// progress is the library's log at one level; only level 0 is shown.
type progress struct {
	to *stageLogger
	on bool
}

func (p progress) Info(line string) { p.Infof("%s", line) }

func (p progress) Infof(format string, args ...any) {
	if !p.on {
		return
	}
	p.to.mu.Lock()
	defer p.to.mu.Unlock()
	line := strings.TrimRight(fmt.Sprintf(format, args...), "\n")
	_, _ = fmt.Fprintln(p.to.out, line) // a parent that is gone has killed us too
}

func (p progress) Enabled() bool { return p.on }
