package main

import (
	"fmt"
	"io"
	"sync"
	"time"
)

// stages prints what happens, each line with the time since the start.
type stages struct {
	mu    sync.Mutex
	to    io.Writer // guarded by mu
	since time.Time
}

func newStages(to io.Writer) *stages { return &stages{to: to, since: time.Now()} }

func (s *stages) say(line string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	fmt.Fprintf(s.to, "[%6.1fs] %s\n", time.Since(s.since).Seconds(), line)
}
