package agent

import (
	"errors"
	"fmt"
	"log/slog"
	"regexp"
	"sync"
)

// shellsMax bounds the shells of a node.
const shellsMax = 16

// shells are the living shells of a node, by name.
type shells struct {
	home string
	log  *slog.Logger
	name *regexp.Regexp

	running sync.WaitGroup
	mu      sync.Mutex
	byName  map[string]*shell // guarded by mu
	closed  bool              // guarded by mu
}

func newShells(home string, log *slog.Logger) *shells {
	return &shells{
		home:   home,
		log:    log,
		name:   regexp.MustCompile(`^[a-z0-9][a-z0-9-]{0,31}$`),
		byName: map[string]*shell{},
	}
}

// get returns the shell of that name, started with that size when there is none.
func (s *shells) get(name string, size Size) (*shell, error) {
	if !s.name.MatchString(name) {
		return nil, fmt.Errorf("%q cannot be the name of a shell", name)
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if found, ok := s.byName[name]; ok {
		return found, nil
	}
	if s.closed {
		return nil, errors.New("the agent is ending")
	}
	if len(s.byName) >= shellsMax {
		return nil, fmt.Errorf("the node has %d shells already", shellsMax)
	}
	started, err := startShell(s.home, size)
	if err != nil {
		return nil, err
	}
	s.byName[name] = started
	s.running.Go(func() { s.run(name, started) })
	return started, nil
}

// run takes the shell out of the list before its viewers are told of its end, so
// that whoever attaches on hearing it gets a new one.
func (s *shells) run(name string, running *shell) {
	s.log.Info("shell started", "shell", name, "pid", running.cmd.Process.Pid)
	code := running.run()
	s.mu.Lock()
	delete(s.byName, name)
	s.mu.Unlock()
	running.out.end(code)
	s.log.Info("shell ended", "shell", name, "code", code)
}

// end ends every shell and starts no more; it waits for their end.
func (s *shells) end() {
	s.mu.Lock()
	s.closed = true
	for _, running := range s.byName {
		s.running.Go(running.hangup)
	}
	s.mu.Unlock()
	s.running.Wait()
}
