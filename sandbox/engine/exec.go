package engine

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"time"

	"github.com/moby/moby/api/pkg/stdcopy"
	"github.com/moby/moby/client"
)

// MaxOutput is the most output of a program that Exec keeps, in bytes; what
// comes after is read and dropped.
const MaxOutput = 64 << 10

// Exec runs a program in a running container, as root, and waits for it. Out is
// its stdout and stderr together, as they came. An exit code other than 0 is no
// error; 126 and 127 mean that it could not be started, and out says why. Stdin
// may be nil, else it must end. When ctx ends Exec returns at once with what came until then, but
// the engine does not end the program: one that could hang is run under timeout(1).
func (e *Engine) Exec(ctx context.Context, container string, argv []string, stdin io.Reader) (exit int, out []byte, err error) {
	id, conn, err := e.attach(ctx, container, argv, stdin != nil)
	if err != nil {
		return 0, nil, err
	}
	defer conn.Close()
	stop := context.AfterFunc(ctx, conn.Close)
	defer stop()

	feeding := make(chan struct{})
	go func() {
		defer close(feeding)
		feed(conn, stdin)
	}()
	kept := &head{limit: MaxOutput}
	_, err = stdcopy.StdCopy(kept, kept, conn.Reader)
	conn.Close()
	if ctx.Err() != nil {
		return 0, kept.buf.Bytes(), fmt.Errorf("run %s in %s: %w", argv[0], container, ctx.Err())
	}
	select {
	case <-feeding:
	case <-ctx.Done(): // stdin has not ended, the program has
	}
	if err != nil {
		return 0, kept.buf.Bytes(), fmt.Errorf("read output of %s in %s: %w", argv[0], container, err)
	}
	exit, err = e.exitCode(ctx, id)
	return exit, kept.buf.Bytes(), err
}

// Dial starts a program in a running container, as root, and joins the stream to
// its stdin and stdout; ctx covers the start only. When the program ends, Read
// gives io.EOF, or an error with what it said on stderr. The caller closes the
// stream: the program then finds its stdin closed and must end on that.
func (e *Engine) Dial(ctx context.Context, container string, argv []string) (io.ReadWriteCloser, error) {
	_, conn, err := e.attach(ctx, container, argv, true)
	if err != nil {
		return nil, err
	}
	return newStream(conn, argv[0]), nil
}

// attach starts argv and returns the connection that carries its streams.
func (e *Engine) attach(ctx context.Context, container string, argv []string, stdin bool) (string, *client.HijackedResponse, error) {
	if len(argv) == 0 {
		return "", nil, errors.New("exec: no program named")
	}
	made, err := e.client.ExecCreate(ctx, container, client.ExecCreateOptions{
		User: "0", Cmd: argv, AttachStdin: stdin, AttachStdout: true, AttachStderr: true,
	})
	if err != nil {
		return "", nil, fmt.Errorf("exec %s in %s: %w", argv[0], container, err)
	}
	attached, err := e.client.ExecAttach(ctx, made.ID, client.ExecAttachOptions{})
	if err != nil {
		return "", nil, fmt.Errorf("attach to %s in %s: %w", argv[0], container, err)
	}
	return made.ID, &attached.HijackedResponse, nil
}

// feed copies stdin to the program and tells it where it ends. Its errors are
// the program's own business: it may end without reading everything.
func feed(conn *client.HijackedResponse, stdin io.Reader) {
	if stdin == nil {
		return
	}
	_, _ = io.Copy(conn.Conn, stdin)
	_ = conn.CloseWrite()
}

// exitCode waits for the engine to have noted the end of a program whose output
// has ended.
func (e *Engine) exitCode(ctx context.Context, id string) (int, error) {
	for wait := time.Millisecond; ; wait = min(2*wait, 100*time.Millisecond) {
		state, err := e.client.ExecInspect(ctx, id, client.ExecInspectOptions{})
		if err != nil {
			return 0, fmt.Errorf("exit code: %w", err)
		}
		if !state.Running {
			return state.ExitCode, nil
		}
		select {
		case <-ctx.Done():
			return 0, fmt.Errorf("exit code: %w", ctx.Err())
		case <-time.After(wait):
		}
	}
}

// head keeps the first limit bytes written to it and takes the rest.
type head struct {
	buf   bytes.Buffer
	limit int
}

// Write never fails.
func (h *head) Write(p []byte) (int, error) {
	if room := h.limit - h.buf.Len(); room > 0 {
		h.buf.Write(p[:min(room, len(p))])
	}
	return len(p), nil
}
