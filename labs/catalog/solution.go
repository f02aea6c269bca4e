package catalog

import (
	"io/fs"
	"path"
	"regexp"
	"strings"
)

// Solution is one way through a step.
type Solution struct {
	Name   string // solution, wrong-1, alternative-1
	Script string // bash, for root on controlplane
}

// Passes reports whether the step must pass after the script, rather than not pass.
func (s Solution) Passes() bool { return !strings.HasPrefix(s.Name, "wrong-") }

// Answer is what the script, having printed output, types into the step's
// question: the last line that is not blank.
func (s Solution) Answer(output string) string {
	lines := strings.Split(strings.TrimSpace(output), "\n")
	return strings.TrimSpace(lines[len(lines)-1])
}

// shown is what a learner may be shown of a step's solutions: the commands, without
// the comment above them.
func shown(all []Solution) string {
	for _, s := range all {
		if s.Name == "solution" {
			comment := regexp.MustCompile(`^(#.*\n|\s*\n)+`)
			return strings.TrimSpace(comment.ReplaceAllString(s.Script, ""))
		}
	}
	return ""
}

// solutions reads those of a step; without the folder there are none, which the
// caller has found to be a problem already.
func (r *reader) solutions(step string) []Solution {
	dir := path.Join("solutions", step)
	entries, err := fs.ReadDir(r.fsys, path.Join(r.folder, dir))
	if err != nil {
		return nil
	}
	names := regexp.MustCompile(`^(solution|(wrong|alternative)-[1-9][0-9]*)\.sh$`)
	var found []Solution
	for _, e := range entries {
		file := path.Join(dir, e.Name())
		if !names.MatchString(e.Name()) {
			r.used[file] = true
			r.refuse(file, 1, "is not a name of a solution", "call it solution.sh, wrong-1.sh or alternative-1.sh")
			continue
		}
		found = append(found, Solution{strings.TrimSuffix(e.Name(), ".sh"), r.file(file, 1, file)})
	}
	return found
}
