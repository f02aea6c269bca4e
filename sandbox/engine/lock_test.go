package engine_test

import (
	"context"
	"errors"
	"path/filepath"
	"testing"
	"time"

	"github.com/greenbox-lab/greenbox/sandbox/engine"
)

func TestLockLetsOneInAtATime(t *testing.T) {
	path := filepath.Join(t.TempDir(), "lock")
	unlock, err := engine.Lock(t.Context(), path, func() { t.Error("the first had to wait") })
	if err != nil {
		t.Fatal(err)
	}
	short, cancel := context.WithTimeout(t.Context(), 50*time.Millisecond)
	defer cancel()
	waited := 0
	if _, err := engine.Lock(short, path, func() { waited++ }); !errors.Is(err, context.DeadlineExceeded) || waited != 1 {
		t.Errorf("the second got %v and was told to wait %d times", err, waited)
	}
	unlock()
	again, err := engine.Lock(t.Context(), path, func() { t.Error("nobody holds it, and it had to wait") })
	if err != nil {
		t.Fatal(err)
	}
	again()
}
