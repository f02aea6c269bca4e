package agent

import (
	"context"
	"fmt"
	"io"
	"net"
)

// Connect joins in and out with the agent listening on socket until either side
// ends, so that nothing is left on the node of a server that was killed. Where
// in can be closed it is, to unblock its reader; otherwise a Read of it may
// outlast the call.
func Connect(ctx context.Context, socket string, in io.Reader, out io.Writer) error {
	var dialer net.Dialer
	conn, err := dialer.DialContext(ctx, "unix", socket)
	if err != nil {
		return fmt.Errorf("reach the agent: %w", err)
	}
	stop := context.AfterFunc(ctx, func() { _ = conn.Close() })
	defer stop()
	go func() {
		_, _ = io.Copy(conn, in) // either way the server has left
		_ = conn.Close()
	}()
	_, err = io.Copy(out, conn)
	_ = conn.Close() // likely closed already
	if closer, ok := in.(io.Closer); ok {
		_ = closer.Close() // only unblocks the copy
	}
	if err != nil && ctx.Err() == nil && !isClosed(err) {
		return fmt.Errorf("carry the agent's stream: %w", err)
	}
	return nil
}
