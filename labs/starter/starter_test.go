package starter_test

import (
	"errors"
	"io/fs"
	"os"
	"testing"

	"github.com/greenbox-lab/greenbox/labs/catalog"
	"github.com/greenbox-lab/greenbox/labs/starter"
)

func TestTheLabToBeginWithBreaksNoRule(t *testing.T) {
	dir := t.TempDir()
	if err := starter.Write(dir, "my-first-lab"); err != nil {
		t.Fatal(err)
	}
	c, err := catalog.Load(os.DirFS(dir))
	if err != nil {
		t.Fatal(err)
	}
	lab, err := c.Lab("my-first-lab")
	if err != nil || len(lab.Steps) != 2 {
		t.Errorf("%v, %d steps; want two", err, len(lab.Steps))
	}
	if err := starter.Write(dir, "my-first-lab"); !errors.Is(err, fs.ErrExist) {
		t.Errorf("a lab that is there: %v; want that it exists", err)
	}
}

func TestAnIDThatIsNoneIsRefused(t *testing.T) {
	for _, id := range []string{"", "Lab", "../lab", "a--b", "a b"} {
		if err := starter.Write(t.TempDir(), id); err == nil {
			t.Errorf("%q was taken", id)
		}
	}
}
