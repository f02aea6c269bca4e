package measure

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"syscall"
	"time"
)

// server is a greenbox of its own: a process with an empty data folder, in which
// each learner of the measurement is somebody else.
type server struct {
	config  Config
	folder  string
	addr    string
	process *exec.Cmd
	log     bytes.Buffer // of the process: read it when that has ended
}

// serve starts a server with further flags and waits until it is ready. The caller
// calls close.
func serve(ctx context.Context, c Config, flags ...string) (_ *server, err error) {
	s := &server{config: c}
	if s.folder, err = os.MkdirTemp("", "gb"); err != nil {
		return nil, err
	}
	if s.addr, err = freeAddr(ctx); err != nil {
		return nil, err
	}
	argv := append([]string{"serve", "--solo=false", "--addr", s.addr, "--data", s.data()}, flags...)
	s.process = exec.Command(c.Program, argv...) //nolint:gosec,noctx // our own binary, which close ends in order
	s.process.Stdout, s.process.Stderr = &s.log, &s.log
	s.process.SysProcAttr = &syscall.SysProcAttr{Pdeathsig: syscall.SIGKILL}
	if err := s.process.Start(); err != nil {
		return nil, errors.Join(err, os.RemoveAll(s.folder))
	}
	err = until(ctx, 30*time.Second, func(ctx context.Context) error {
		return get(ctx, "http://"+s.addr+"/readyz")
	})
	if err != nil {
		return nil, errors.Join(fmt.Errorf("the server did not start: %w", err), s.close()) //nolint:contextcheck // also when ctx has ended
	}
	return s, nil
}

func (s *server) data() string { return filepath.Join(s.folder, "data") }

// close ends the server and removes all that it made, also when ctx has ended.
func (s *server) close() error {
	ctx, cancel := context.WithTimeout(context.Background(), 4*time.Minute)
	defer cancel()
	stop := time.AfterFunc(time.Minute, func() { _ = s.process.Process.Kill() })
	_ = s.process.Process.Signal(syscall.SIGTERM) // it may have ended
	ended := s.process.Wait()
	stop.Stop()
	if ended != nil {
		ended = fmt.Errorf("the server ended with %w:\n%s", ended, tail(s.log.Bytes()))
	}
	out, err := exec.CommandContext(ctx, s.config.Program, "down", "--yes", "--data", s.data()).CombinedOutput() //nolint:gosec // our own binary
	if err != nil {
		return errors.Join(ended, fmt.Errorf("greenbox down --data %s: %w: %s", s.data(), err, out))
	}
	return errors.Join(ended, os.RemoveAll(s.folder))
}

func tail(log []byte) []byte { return log[max(0, len(log)-2000):] }

func freeAddr(ctx context.Context) (string, error) {
	l, err := (&net.ListenConfig{}).Listen(ctx, "tcp", "127.0.0.1:0")
	if err != nil {
		return "", err
	}
	return l.Addr().String(), l.Close()
}

func get(ctx context.Context, url string) error {
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, url, http.NoBody)
	if err != nil {
		return err
	}
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		return err
	}
	if resp.StatusCode != http.StatusOK {
		err = fmt.Errorf("%s: %s", url, resp.Status)
	}
	return errors.Join(err, resp.Body.Close())
}

// until asks every 10 ms until ask returns nil, for limit at most.
func until(ctx context.Context, limit time.Duration, ask func(context.Context) error) error {
	ctx, cancel := context.WithTimeout(ctx, limit)
	defer cancel()
	for {
		err := ask(ctx)
		if err == nil {
			return nil
		}
		select {
		case <-ctx.Done():
			return fmt.Errorf("%w (not within %s)", err, limit)
		case <-time.After(10 * time.Millisecond):
		}
	}
}
