package engine

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"strconv"
	"strings"
	"syscall"
	"time"
)

const (
	startTimeout = time.Minute // until a started engine must answer
	stopTimeout  = time.Minute // until a stopped engine must be gone
	pollInterval = 200 * time.Millisecond
)

// launch starts dockerd in a session of its own, with as many open files as
// allowed, its pid noted; it survives us.
const launch = `ulimit -n "$(ulimit -Hn)"; echo $$ > "$1"; exec dockerd </dev/null >>"$2" 2>&1`

// start starts the installed engine and waits until it answers.
func (h *host) start(ctx context.Context) error {
	if err := h.launch(ctx); err != nil {
		return fmt.Errorf("start the Docker Engine: %w", err)
	}
	return h.await(ctx)
}

func (h *host) launch(ctx context.Context) error {
	if h.systemd() {
		_, err := h.run(ctx, "systemctl", "enable", "--now", "docker.service")
		return err
	}
	if h.initRuns() && h.works(ctx, "service", "docker", "start") {
		return nil
	}
	h.dropStalePids()
	if err := h.write(pidFile, ""); err != nil {
		return err
	}
	_, err := h.run(ctx, "setsid", "--fork", "sh", "-c", launch, "dockerd", h.path(pidFile), h.path(logFile))
	return err
}

// initRuns reports whether process 1 is an init that knows services.
func (h *host) initRuns() bool {
	name, err := h.read("/proc/1/comm")
	return err == nil && strings.TrimSpace(name) == "init" && h.exists("/etc/init.d/docker")
}

// dropStalePids removes the pid files of an earlier run whose pids other
// programs have by now: dockerd would take those for itself and refuse to start.
func (h *host) dropStalePids() {
	for file, program := range map[string]string{
		"/run/docker.pid": "dockerd", "/run/docker/containerd/containerd.pid": "containerd",
	} {
		if text, err := h.read(file); err == nil && !h.runs(text, program) {
			_ = h.remove(file) // if it stays, dockerd's own message about it is in the log
		}
	}
}

// runs reports whether the process of a pid file's text is that program. One
// that has ended and that nobody has waited for does not run: where no init runs
// it may stay in the table for ever. Name and state are of one reading
// (proc_pid_stat(5)), so that no moment between two can mislead.
func (h *host) runs(pid, program string) bool {
	n, err := strconv.Atoi(strings.TrimSpace(pid))
	if err != nil {
		return false
	}
	stat, err := h.read(fmt.Sprintf("/proc/%d/stat", n))
	if err != nil {
		return false
	}
	state, is := strings.CutPrefix(stat, fmt.Sprintf("%d (%s) ", n, program))
	return is && state != "" && !strings.ContainsAny(state[:1], "ZX")
}

// await blocks until the engine answers.
func (h *host) await(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, startTimeout)
	defer cancel()
	for {
		e, err := h.open(ctx)
		h.leave(e)
		if err == nil {
			return nil
		}
		select {
		case <-ctx.Done():
			return fmt.Errorf("the Docker Engine was started but does not answer: %w%s", err, h.engineLog())
		case <-time.After(pollInterval):
		}
	}
}

// engineLog is the end of the log of an engine that we started directly.
func (h *host) engineLog() string {
	text, err := h.read(logFile)
	if err != nil || h.systemd() {
		return "; see journalctl -u docker"
	}
	return "; " + logFile + " ends with:\n" + lastLines(text, 5)
}

// restart puts a freshly installed engine in the place of the running one.
func (h *host) restart(ctx context.Context) error {
	h.report("restarting the Docker Engine")
	if err := h.stop(ctx); err != nil {
		return err
	}
	return h.start(ctx)
}

// stop ends the engine, however it was started, and waits for its end.
func (h *host) stop(ctx context.Context) error {
	if h.systemd() {
		if _, err := h.run(ctx, "systemctl", "stop", "docker.socket", "docker.service"); err != nil {
			return fmt.Errorf("stop the Docker Engine: %w", err)
		}
		return nil
	}
	text, err := h.read("/run/docker.pid")
	if errors.Is(err, fs.ErrNotExist) || err == nil && !h.runs(text, "dockerd") {
		return nil
	}
	if err != nil {
		return fmt.Errorf("stop the Docker Engine: %w", err)
	}
	pid, _ := strconv.Atoi(strings.TrimSpace(text)) // runs has read it
	if err := syscall.Kill(pid, syscall.SIGTERM); err != nil {
		return fmt.Errorf("stop the Docker Engine: %w", err)
	}
	for deadline := time.Now().Add(stopTimeout); h.runs(text, "dockerd"); {
		if time.Now().After(deadline) {
			return errors.New("stop the Docker Engine: it still runs after " + stopTimeout.String())
		}
		select {
		case <-ctx.Done():
			return fmt.Errorf("stop the Docker Engine: %w", ctx.Err())
		case <-time.After(pollInterval):
		}
	}
	_ = os.Remove(h.path(pidFile)) // a note only
	return nil
}
