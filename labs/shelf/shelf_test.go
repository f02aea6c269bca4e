package shelf_test

import (
	"context"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/greenbox-lab/greenbox/labs/catalog"
	"github.com/greenbox-lab/greenbox/labs/shelf"
	"github.com/greenbox-lab/greenbox/labs/starter"
)

// kitchen is a folder with the lab demo and a shelf that has it.
type kitchen struct {
	*shelf.Shelf
	dir     string
	base    int // how many labs are built in
	changes atomic.Int32
}

func open(t *testing.T) *kitchen {
	t.Helper()
	base, err := catalog.Embedded()
	if err != nil {
		t.Fatal(err)
	}
	k := &kitchen{dir: t.TempDir(), base: len(base.Labs())}
	if err := starter.Write(k.dir, "demo"); err != nil {
		t.Fatal(err)
	}
	if k.Shelf, err = shelf.New(base, os.DirFS(k.dir), slog.New(slog.DiscardHandler)); err != nil {
		t.Fatal(err)
	}
	return k
}

// edit changes demo's lab.yaml and lets the shelf see it.
func (k *kitchen) edit(t *testing.T, old, with string) {
	t.Helper()
	path := filepath.Join(k.dir, "demo", "lab.yaml")
	content, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	changed := strings.Replace(string(content), old, with, 1)
	if changed == string(content) {
		t.Fatalf("lab.yaml has no %q", old)
	}
	if err := os.WriteFile(path, []byte(changed), 0o600); err != nil {
		t.Fatal(err)
	}
	time.Sleep(2 * time.Second)
	synctest.Wait()
}

func (k *kitchen) minutes(t *testing.T) int {
	t.Helper()
	lab, err := k.Lab("demo")
	if err != nil {
		t.Fatal(err)
	}
	return lab.Minutes
}

func TestAChangedLabIsReadAgain(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		k := open(t)
		if got := len(k.Labs()); got != k.base+1 {
			t.Fatalf("%d labs; want one more than the %d built in", got, k.base)
		}
		ctx, stop := context.WithCancel(t.Context())
		done := make(chan error, 1)
		go func() { done <- k.Run(ctx, func() { k.changes.Add(1) }) }()

		k.edit(t, "minutes: 10", "minutes: 25")
		if got := k.minutes(t); got != 25 || k.changes.Load() != 1 {
			t.Errorf("%d minutes after %d changes; want 25 after one", got, k.changes.Load())
		}
		k.edit(t, "minutes: 25", "minuets: 1")
		if got := k.minutes(t); got != 25 || len(k.Labs()) != k.base+1 {
			t.Errorf("a broken lab did not stay as it was: %d minutes", got)
		}
		if found := k.Problems(); len(found) != 2 || !strings.Contains(found[0].Error(), "demo/lab.yaml:") {
			t.Errorf("problems are %v; want an unknown field and a missing one", found)
		}
		k.edit(t, "minuets: 1", "minutes: 100")
		if got := k.minutes(t); got != 100 || len(k.Problems()) != 0 {
			t.Errorf("%d minutes, %v; want 100 and no problem", got, k.Problems())
		}
		if err := os.RemoveAll(filepath.Join(k.dir, "demo")); err != nil {
			t.Fatal(err)
		}
		time.Sleep(2 * time.Second)
		synctest.Wait()
		if _, err := k.Lab("demo"); err == nil || len(k.Tracks()) == 0 {
			t.Error("a lab whose folder is gone is still taught, or the others are not")
		}
		stop()
		if err := <-done; err != nil {
			t.Error(err)
		}
	})
}

func TestAFolderThatGoesAwayTakesNothingElseWithIt(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		k := open(t)
		ctx, stop := context.WithCancel(t.Context())
		defer stop()
		go func() { _ = k.Run(ctx, func() {}) }()
		if err := os.RemoveAll(k.dir); err != nil {
			t.Fatal(err)
		}
		time.Sleep(2 * time.Second)
		synctest.Wait()
		if len(k.Labs()) != k.base || len(k.Problems()) != 1 {
			t.Errorf("%d labs, %v; want the %d built in and one problem", len(k.Labs()), k.Problems(), k.base)
		}
		if err := os.Mkdir(k.dir, 0o700); err != nil {
			t.Fatal(err)
		}
		if err := starter.Write(k.dir, "demo"); err != nil {
			t.Fatal(err)
		}
		time.Sleep(2 * time.Second)
		synctest.Wait()
		if len(k.Labs()) != k.base+1 || len(k.Problems()) != 0 {
			t.Errorf("%d labs, %v; want the lab back", len(k.Labs()), k.Problems())
		}
	})
}

func TestWithoutAFolderThereIsWhatIsBuiltIn(t *testing.T) {
	base, err := catalog.Embedded()
	if err != nil {
		t.Fatal(err)
	}
	s, err := shelf.New(base, nil, slog.New(slog.DiscardHandler))
	if err != nil || len(s.Labs()) != len(base.Labs()) || len(s.Problems()) != 0 {
		t.Errorf("%v, %d labs, %v", err, len(s.Labs()), s.Problems())
	}
	if _, err := shelf.New(base, os.DirFS(filepath.Join(t.TempDir(), "no")), slog.New(slog.DiscardHandler)); err == nil {
		t.Error("a folder that is not there is no error")
	}
}
