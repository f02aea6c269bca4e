package main

import (
	"bytes"
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// run runs a command line and returns what it printed.
func run(t *testing.T, args ...string) (string, error) {
	t.Helper()
	var out bytes.Buffer
	c := root()
	c.SetOut(&out)
	c.SetErr(&out)
	c.SetArgs(args)
	err := c.ExecuteContext(t.Context())
	return out.String(), err
}

// newLab makes a lab in dir by the command for it, and puts something in the place
// of something in its lab.yaml.
func newLab(t *testing.T, dir, id, old, with string) {
	t.Helper()
	if out, err := run(t, "lab", "new", id, "--labs", dir); err != nil || !strings.Contains(out, "lab preview --labs "+dir+" "+id) {
		t.Fatalf("%v\n%s", err, out)
	}
	path := filepath.Join(dir, id, "lab.yaml")
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, []byte(strings.Replace(string(text), old, with, 1)), 0o600); err != nil {
		t.Fatal(err)
	}
}

func TestLintSaysWhatIsWrongAndWhere(t *testing.T) {
	dir := t.TempDir()
	newLab(t, dir, "good", "", "")
	newLab(t, dir, "bad", "minutes: 10", "minuets: 10")
	bad := filepath.Join(dir, "bad", "lab.yaml") + `:9: unknown field "minuets"; known here: `
	for name, row := range map[string]struct {
		labs  []string
		says  string
		fails bool
	}{
		"all of them":       {nil, bad, true},
		"the bad one":       {[]string{"bad"}, bad, true},
		"the good one":      {[]string{"good"}, "labs: 1, nothing wrong", false},
		"one that is not":   {[]string{"ugly"}, "", true},
		"one that comes in": {[]string{"delete-static-pod"}, "labs: 1, nothing wrong", false},
	} {
		t.Run(name, func(t *testing.T) {
			out, err := run(t, append([]string{"lab", "lint", "--labs", dir}, row.labs...)...)
			if (err != nil) != row.fails || !strings.Contains(out, row.says) {
				t.Errorf("%v; want it to fail: %v\n%s\nwant %s", err, row.fails, out, row.says)
			}
			if row.says == bad && !errors.Is(err, errSilent) {
				t.Errorf("%v is said after everything has been said", err)
			}
		})
	}
}

func TestLintOfWhatIsBuiltInFindsNothing(t *testing.T) {
	if out, err := run(t, "lab", "lint"); err != nil || !strings.Contains(out, "nothing wrong") {
		t.Errorf("%v\n%s", err, out)
	}
}

func TestALabThatIsNotThereIsNotProved(t *testing.T) {
	for _, name := range []string{"no-lab", "delete-static-pod/no-step"} {
		if _, err := run(t, "lab", "test", "--data", t.TempDir(), name); err == nil || !strings.Contains(err.Error(), name) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestAlternativesOfLabsFromOutsideFollowTheirOwnFiles(t *testing.T) {
	dir := t.TempDir()
	newLab(t, dir, "mine", "", "")
	books, err := openBookcase(dir)
	if err != nil {
		t.Fatal(err)
	}
	t.Chdir(t.TempDir()) // no working tree of Greenbox's
	if !lookForChanges(t.Context(), books).of(t.Context(), "mine") {
		t.Error("a lab that git does not know has not changed")
	}
	for _, args := range [][]string{
		{"init", "--quiet", "--initial-branch", "main"}, {"add", "--all"},
		{"-c", "user.name=a", "-c", "user.email=a@example.com", "commit", "--quiet", "--message", "labs"},
	} {
		gitIn(t, dir, args...)
	}
	c := lookForChanges(t.Context(), books)
	if c.of(t.Context(), "mine") {
		t.Error("a lab that is as main has it has changed")
	}
	if !c.of(t.Context(), "delete-static-pod") {
		t.Error("a lab that is built in has not changed, though nobody can tell")
	}
}

func gitIn(t *testing.T, dir string, args ...string) {
	t.Helper()
	if out, err := exec.CommandContext(t.Context(), "git", append([]string{"-C", dir}, args...)...).CombinedOutput(); err != nil {
		t.Fatalf("git %v: %v\n%s", args, err, out)
	}
}
