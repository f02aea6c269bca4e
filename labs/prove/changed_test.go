package prove_test

import (
	"os"
	"os/exec"
	"path/filepath"
	"testing"

	"github.com/greenbox-lab/greenbox/labs/prove"
)

// repository is a new one with a commit on main that has the labs a and b.
func repository(t *testing.T) string {
	t.Helper()
	dir := t.TempDir()
	git(t, dir, "init", "--quiet", "--initial-branch", "main")
	write(t, dir, "labs/a/lab.yaml")
	write(t, dir, "labs/b/lab.yaml")
	commit(t, dir)
	return dir
}

func git(t *testing.T, dir string, args ...string) {
	t.Helper()
	as := []string{"-C", dir, "-c", "user.name=a", "-c", "user.email=a@example.com"}
	if out, err := exec.CommandContext(t.Context(), "git", append(as, args...)...).CombinedOutput(); err != nil {
		t.Fatalf("git %v: %v\n%s", args, err, out)
	}
}

func commit(t *testing.T, dir string) {
	t.Helper()
	git(t, dir, "add", "--all")
	git(t, dir, "commit", "--quiet", "--message", "labs")
}

// write makes a file, or makes it longer.
func write(t *testing.T, dir, name string) {
	t.Helper()
	path := filepath.Join(dir, name)
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		t.Fatal(err)
	}
	old, _ := os.ReadFile(path)
	if err := os.WriteFile(path, append(old, '\n'), 0o600); err != nil {
		t.Fatal(err)
	}
}

func TestChangedIsWhatDiffersFromMain(t *testing.T) {
	for name, row := range map[string]struct {
		change func(t *testing.T, dir string)
		want   bool
	}{
		"nothing":                        {func(*testing.T, string) {}, false},
		"another lab":                    {func(t *testing.T, dir string) { write(t, dir, "labs/b/lab.yaml") }, false},
		"a file that is not committed":   {func(t *testing.T, dir string) { write(t, dir, "labs/a/lab.yaml") }, true},
		"a file that git does not know":  {func(t *testing.T, dir string) { write(t, dir, "labs/a/new.sh") }, true},
		"a file that is only staged":     {func(t *testing.T, dir string) { write(t, dir, "labs/a/lab.yaml"); git(t, dir, "add", "--all") }, true},
		"a file that is gone":            {func(t *testing.T, dir string) { _ = os.Remove(filepath.Join(dir, "labs/a/lab.yaml")) }, true},
		"a commit of main":               {func(t *testing.T, dir string) { write(t, dir, "labs/a/lab.yaml"); commit(t, dir) }, false},
		"a commit of a branch":           {func(t *testing.T, dir string) { branch(t, dir); write(t, dir, "labs/a/lab.yaml"); commit(t, dir) }, true},
		"a branch that leaves it alone":  {func(t *testing.T, dir string) { branch(t, dir); write(t, dir, "labs/b/lab.yaml"); commit(t, dir) }, false},
		"a commit that is not published": {unpublished, true},
	} {
		t.Run(name, func(t *testing.T) {
			dir := repository(t)
			row.change(t, dir)
			got, err := prove.Changed(t.Context(), filepath.Join(dir, "labs"), "a")
			if err != nil || got != row.want {
				t.Errorf("%v, %v; want %v", got, err, row.want)
			}
		})
	}
}

func branch(t *testing.T, dir string) {
	t.Helper()
	git(t, dir, "checkout", "--quiet", "-b", "mine")
}

// unpublished commits to main after its remote was last heard of.
func unpublished(t *testing.T, dir string) {
	git(t, dir, "update-ref", "refs/remotes/origin/main", "main")
	write(t, dir, "labs/a/lab.yaml")
	commit(t, dir)
}

func TestChangedFailsWhereGitCannotTell(t *testing.T) {
	other := repository(t)
	git(t, other, "branch", "--move", "trunk")
	for name, dir := range map[string]string{"no repository": t.TempDir(), "no branch main": other} {
		if _, err := prove.Changed(t.Context(), dir, "labs/a"); err == nil {
			t.Errorf("%s: no error", name)
		}
	}
}
