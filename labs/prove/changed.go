package prove

import (
	"context"
	"errors"
	"fmt"
	"os/exec"
	"strings"
)

// Changed reports whether what is at paths, relative to the folder dir, differs
// from the last commit of git's main branch that touched them: in the working tree,
// in commits of another branch, or in those that main's remote does not have yet.
// The error says that git cannot tell.
func Changed(ctx context.Context, dir string, paths ...string) (bool, error) {
	base, err := mainBranch(ctx, dir)
	if err != nil {
		return false, err
	}
	differing, err := git(ctx, dir, append([]string{"diff", "--name-only", base, "--"}, paths...)...)
	if err != nil || differing != "" {
		return differing != "", err
	}
	unknown, err := git(ctx, dir, append([]string{"ls-files", "--others", "--"}, paths...)...)
	return unknown != "", err
}

// mainBranch is the main branch as its remote has it, or else as it is here.
func mainBranch(ctx context.Context, dir string) (string, error) {
	for _, ref := range []string{"refs/remotes/origin/main", "refs/heads/main"} {
		if commit, err := git(ctx, dir, "rev-parse", "--verify", "--quiet", ref+"^{commit}"); err == nil {
			return commit, nil
		}
	}
	return "", errors.New("git knows no branch main in " + dir)
}

// git returns what a git command prints.
func git(ctx context.Context, dir string, args ...string) (string, error) {
	out, err := exec.CommandContext(ctx, "git", append([]string{"-C", dir}, args...)...).Output() //nolint:gosec // the arguments are ours but for paths, which follow --
	if err != nil {
		return "", fmt.Errorf("git %s: %w", args[0], err)
	}
	return strings.TrimSpace(string(out)), nil
}
