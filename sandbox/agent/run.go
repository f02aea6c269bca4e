package agent

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os/exec"
	"syscall"
	"time"

	"github.com/hashicorp/yamux"
)

const (
	scriptMax = 128<<10 - 1      // bytes: the kernel's limit of one argument, its end included
	outputMax = 64 << 10         // bytes of a script's output that are kept: the last
	runLinger = time.Second      // for what a script left running in the background to let go of its output
	sendMax   = 10 * time.Second // for a caller that is still there to take the result
)

// serveRun takes the script, runs it and answers with what it came to. A script
// whose caller leaves is killed, and all that it started. An error is the answer
// still to be given.
func serveRun(stream *yamux.Stream, req runRequest, home string) error {
	if req.Size > scriptMax {
		return fmt.Errorf("a script of %d bytes is longer than %d", req.Size, scriptMax)
	}
	if err := writeMessage(stream, response{}); err != nil {
		return nil //nolint:nilerr // the caller has left
	}
	script := make([]byte, req.Size)
	_ = stream.SetReadDeadline(time.Now().Add(openTimeout)) // never fails
	if _, err := io.ReadFull(stream, script); err != nil {
		return nil //nolint:nilerr // the caller has left
	}
	_ = stream.SetReadDeadline(time.Time{}) // never fails
	ctx, cancel := context.WithCancel(context.Background())
	gone := make(chan struct{})
	go func() {
		defer close(gone)
		defer cancel()
		_, _ = io.Copy(io.Discard, stream) // returns when the caller leaves
	}()
	exit, output, err := runScript(ctx, string(script), home)
	_ = stream.SetWriteDeadline(time.Now().Add(sendMax)) // never fails
	answer := response{ExitCode: exit, Size: int64(len(output))}
	if err != nil {
		answer = response{Error: newRemoteError(err)}
	}
	if err := writeMessage(stream, answer); err == nil {
		_, _ = stream.Write(output) // the caller may have left
	}
	_ = stream.Close()                          // over, whatever it says
	_ = stream.SetReadDeadline(time.Unix(1, 0)) // never fails
	<-gone
	return nil
}

// runScript runs bash in the home, with the environment of a login and nothing to
// read. An exit code other than 0 is no error.
func runScript(ctx context.Context, script, home string) (int, []byte, error) {
	var out tail
	cmd := exec.CommandContext(ctx, "bash", "-c", script) //nolint:gosec // G204: the server may run everything on the node
	cmd.Dir, cmd.Env = home, environment(home)
	cmd.Stdout, cmd.Stderr = &out, &out
	cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	cmd.Cancel = func() error { return syscall.Kill(-cmd.Process.Pid, syscall.SIGKILL) }
	cmd.WaitDelay = runLinger
	err := cmd.Run()
	var exit *exec.ExitError
	if errors.As(err, &exit) || errors.Is(err, exec.ErrWaitDelay) {
		return exitCode(cmd.ProcessState), out.kept, nil
	}
	return 0, out.kept, err
}

// tail keeps the last outputMax bytes that are written to it.
type tail struct{ kept []byte }

func (t *tail) Write(p []byte) (int, error) {
	t.kept = append(t.kept, p...)
	if over := len(t.kept) - outputMax; over > 0 {
		t.kept = append(t.kept[:0], t.kept[over:]...)
	}
	return len(p), nil
}

// ErrUnreached says that an agent could not be asked, so that nothing was begun.
var ErrUnreached = errors.New("the node's agent cannot be reached")

// Run runs a bash script as root in the home, with nothing to read, and blocks
// until it has ended; when ctx ends, it is killed with all that it started. Output
// is stdout and stderr together, the last 64 KiB. An exit code other than 0 is no
// error; ErrUnreached says that the script did not start.
func (c *Client) Run(ctx context.Context, script string) (exitCode int, output []byte, err error) {
	stream, _, err := c.request(ctx, request{Run: &runRequest{Size: int64(len(script))}})
	if err != nil {
		return 0, nil, fmt.Errorf("%w: %w", ErrUnreached, err)
	}
	defer func() { _ = stream.Close() }() // read to its end, or broken
	defer interrupt(ctx, stream)()
	if _, err := io.WriteString(stream, script); err != nil {
		return 0, nil, fmt.Errorf("send a script: %w", broken(ctx, err))
	}
	var answer response
	if err := readMessage(stream, &answer); err != nil {
		return 0, nil, fmt.Errorf("run a script: %w", broken(ctx, err))
	}
	if answer.Error != nil {
		return 0, nil, fmt.Errorf("run a script: %w", answer.Error)
	}
	output = make([]byte, min(answer.Size, outputMax))
	if _, err := io.ReadFull(stream, output); err != nil {
		return 0, nil, fmt.Errorf("run a script: %w", broken(ctx, err))
	}
	return answer.ExitCode, output, nil
}
