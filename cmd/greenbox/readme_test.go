package main

import (
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/spf13/cobra"
)

const top = "../.." // of the repository, seen from here

var (
	readmeCode = regexp.MustCompile("(?s)```.*?```|`[^`\n]+`")
	foreign    = regexp.MustCompile("(?:docker compose|curl|go test|ssh) [^\n`]*") // commands whose flags are not ours
	anyFlag    = regexp.MustCompile(`(?:^|[\s` + "`" + `])--([a-z][a-z-]*)`)
)

func TestReadmeNamesOnlyWhatExists(t *testing.T) {
	readme := file(t, "README.md")
	code := foreign.ReplaceAllString(strings.Join(readmeCode.FindAllString(readme, -1), "\n"), "")
	makefile, compose := "\n"+file(t, "Makefile"), file(t, "docker-compose.yml")
	for name, row := range map[string]struct {
		text   string
		named  string // pattern, whose first group is the name and second one, if any, what follows
		exists func(name, rest string) bool
	}{
		"a command is one of ours, and has the flags named with it": {code, "greenbox ([a-z]+)([^\n`#]*)", commandExists},
		"a flag is one of some command's":                           {code, anyFlag.String(), func(name, _ string) bool { return anyCommandHas(name) }},
		"a variable sets a flag or is Compose's": {code, `GREENBOX_([A-Z][A-Z_]*)`, func(name, _ string) bool {
			return anyCommandHas(strings.ToLower(strings.ReplaceAll(name, "_", "-"))) || strings.Contains(compose, "${GREENBOX_"+name)
		}},
		"a target of make is in the Makefile": {code, `\bmake ([a-z-]+)`, func(name, _ string) bool { return strings.Contains(makefile, "\n"+name+":") }},
		"a linked file is there":              {readme, `\]\(([^)#:]+)\)`, func(name, _ string) bool { return linked(name) }},
	} {
		t.Run(name, func(t *testing.T) {
			found := regexp.MustCompile(row.named).FindAllStringSubmatch(row.text, -1)
			if len(found) == 0 {
				t.Error("README.md names none: does the pattern still fit?")
			}
			for _, m := range found {
				if !row.exists(m[1], strings.Join(m[2:], "")) {
					t.Errorf("README.md says %q, which does not exist", strings.TrimSpace(m[0]))
				}
			}
		})
	}
}

func file(t *testing.T, name string) string {
	t.Helper()
	text, err := os.ReadFile(filepath.Join(top, name))
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

func commandExists(name, rest string) bool {
	c, left, err := root().Find(append([]string{name}, strings.Fields(rest)...))
	if err != nil || c.HasSubCommands() && len(left) > 0 && !strings.HasPrefix(left[0], "-") {
		return false
	}
	for _, f := range anyFlag.FindAllStringSubmatch(rest, -1) {
		if !has(c, f[1]) {
			return false
		}
	}
	return true
}

func anyCommandHas(flag string) bool { return anyBelow(root(), flag) }

func anyBelow(c *cobra.Command, flag string) bool {
	return slices.ContainsFunc(c.Commands(), func(sub *cobra.Command) bool {
		return !sub.Hidden && has(sub, flag) || anyBelow(sub, flag)
	})
}

func has(c *cobra.Command, flag string) bool { return flag == "help" || c.Flags().Lookup(flag) != nil }

// linked leaves out the screenshots, which the browser test makes.
func linked(name string) bool {
	_, err := os.Stat(filepath.Join(top, name))
	return err == nil || strings.HasPrefix(name, "static/screenshots/")
}
