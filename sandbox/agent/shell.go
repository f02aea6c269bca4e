package agent

import (
	"fmt"
	"os"
	"os/exec"
	"sync"
	"syscall"
	"time"

	"github.com/creack/pty"
	"golang.org/x/sys/unix"
)

const (
	drainTimeout  = time.Second     // for output after the shell has exited, while others hold its PTY
	hangupTimeout = 2 * time.Second // between SIGHUP and SIGKILL
)

// shell is a bash on a PTY. Its output goes to out from start to end, viewers or
// not.
type shell struct {
	cmd   *exec.Cmd
	pty   *os.File
	out   *scrollback
	ended chan struct{} // closed once it is reaped and out is complete
	life  string        // names this life of the shell

	mu     sync.Mutex
	driver *viewer           // guarded by mu: who typed or resized last
	seats  int               // guarded by mu: how many viewers are attached
	inputs map[string]*input // guarded by mu: of viewers that count, by name
}

// viewer is the agent's side of an attachment.
type viewer struct {
	*cursor
	size Size // guarded by the shell's mu
}

// startShell starts a root login shell as ssh would: argv[0] "-bash", an
// environment of its own, the home directory.
func startShell(home string, size Size) (*shell, error) {
	cmd := exec.Command("/bin/bash") //nolint:noctx // the shell outlives whoever asked for it; hangup ends it
	cmd.Args = []string{"-bash"}
	cmd.Dir = home
	cmd.Env = environment(home)
	size = size.orDefault()
	file, err := pty.StartWithSize(cmd, &pty.Winsize{Cols: size.Cols, Rows: size.Rows})
	if err != nil {
		return nil, fmt.Errorf("start a shell: %w", err)
	}
	file, err = pollable(file)
	if err != nil {
		_ = cmd.Process.Kill() // the first error says more
		_ = cmd.Wait()         // it was killed
		return nil, fmt.Errorf("start a shell: %w", err)
	}
	return &shell{cmd: cmd, pty: file, out: newScrollback(), ended: make(chan struct{}), life: newRun(), inputs: map[string]*input{}}, nil
}

func environment(home string) []string {
	return []string{
		"HOME=" + home, "USER=root", "LOGNAME=root", "SHELL=/bin/bash",
		"TERM=xterm-256color", "LANG=C.UTF-8",
		"PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin",
	}
}

// pollable trades file for one whose Read and Write end when it is closed or
// past a deadline: creack/pty leaves it in blocking mode.
func pollable(file *os.File) (*os.File, error) {
	defer func() { _ = file.Close() }() // replaced
	fd, err := unix.FcntlInt(file.Fd(), unix.F_DUPFD_CLOEXEC, 0)
	if err != nil {
		return nil, err
	}
	if err := unix.SetNonblock(fd, true); err != nil {
		_ = unix.Close(fd) // the first error says more
		return nil, err
	}
	return os.NewFile(uintptr(fd), file.Name()), nil
}

// run carries the shell's output until the shell has ended and returns its exit
// code; out is complete then, but not yet marked so.
func (s *shell) run() int {
	defer close(s.ended)
	drained := make(chan struct{})
	go func() {
		defer close(drained)
		s.pump()
	}()
	_ = s.cmd.Wait() // what matters of it is in ProcessState
	s.out.release()
	_ = s.pty.SetReadDeadline(time.Now().Add(drainTimeout)) // fails only when closed
	<-drained
	_ = s.pty.Close() // hangs up on what is left on the PTY
	return exitCode(s.cmd.ProcessState)
}

// pump reads the PTY until nobody holds its other end.
func (s *shell) pump() {
	buf := make([]byte, frameMax)
	for {
		s.out.waitForRoom()
		n, err := s.pty.Read(buf)
		s.out.write(buf[:n])
		if err != nil {
			return // EIO: everyone has left the PTY; or the deadline after the exit
		}
	}
}

// exitCode is what bash would say of a child: 128 and the signal's number where
// a signal ended it.
func exitCode(state *os.ProcessState) int {
	if status, ok := state.Sys().(syscall.WaitStatus); ok && status.Signaled() {
		return 128 + int(status.Signal())
	}
	return state.ExitCode()
}

// hangup ends the shell and waits for its end.
func (s *shell) hangup() {
	_ = s.cmd.Process.Signal(syscall.SIGHUP) // fails only when it has exited
	select {
	case <-s.ended:
	case <-time.After(hangupTimeout):
		_ = s.cmd.Process.Kill() // fails only when it has exited
		<-s.ended
	}
}

// join adds a viewer, one that counts where it says at; the first one's window
// applies at once. It returns where the viewer begins.
func (s *shell) join(size Size, at *Place) (*viewer, *Place) {
	from := int64(-1)
	if at != nil && at.Run == s.life {
		from = at.Output
	}
	v := &viewer{cursor: s.out.attach(from), size: size.orDefault()}
	s.mu.Lock()
	defer s.mu.Unlock()
	if at != nil {
		v.input = s.inputLocked(at.Viewer)
		v.told = v.input.typed.Load()
		at = &Place{Viewer: at.Viewer, Run: s.life, Output: v.pos, Input: v.told}
	}
	s.seats++
	if s.seats == 1 {
		s.driveLocked(v)
	}
	return v, at
}

// leave takes the viewer away; the window keeps its size until another types.
func (s *shell) leave(v *viewer) {
	v.close()
	s.mu.Lock()
	defer s.mu.Unlock()
	s.seats--
	if s.driver == v {
		s.driver = nil
	}
}

// keys types into the PTY, from v's window. It blocks while the PTY is full.
// What is typed into a shell that has ended is lost, as it would be anywhere.
func (s *shell) keys(v *viewer, keys []byte) {
	s.mu.Lock()
	if s.driver != v {
		s.driveLocked(v)
	}
	s.mu.Unlock()
	_, _ = s.pty.Write(keys) // fails only when the shell has ended
}

func (s *shell) resize(v *viewer, size Size) {
	s.mu.Lock()
	defer s.mu.Unlock()
	v.size = size.orDefault()
	s.driveLocked(v)
}

// driveLocked gives the PTY the size of v's window; it does not block.
func (s *shell) driveLocked(v *viewer) {
	s.driver = v
	raw, err := s.pty.SyscallConn()
	if err != nil {
		return // the shell has ended
	}
	_ = raw.Control(func(fd uintptr) { // fails only when the shell has ended
		size := unix.Winsize{Col: v.size.Cols, Row: v.size.Rows}
		_ = unix.IoctlSetWinsize(int(fd), unix.TIOCSWINSZ, &size)
	})
}
