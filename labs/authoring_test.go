package labs_test

import (
	"os"
	"regexp"
	"strings"
	"testing"

	"github.com/greenbox-lab/greenbox/labs/catalog"
)

// The headings of the guide's tables, whose last column names steps as `lab/step`.
const (
	sections    = "## Where the documents' sections are taught"
	corrections = "## What the documents say, and what v1.37 does"
)

func TestTheGuideNamesEveryLabAndOnlyStepsThatExist(t *testing.T) {
	content, err := catalog.Embedded()
	if err != nil {
		t.Fatal(err)
	}
	covered := map[string]bool{}
	for _, heading := range []string{sections, corrections} {
		rows := table(t, heading)
		if len(rows) == 0 {
			t.Errorf("%s: the table is empty", heading)
		}
		for _, row := range rows {
			named := regexp.MustCompile("`([a-z0-9-]+)/([a-z0-9-]+)`").FindAllStringSubmatch(row[len(row)-1], -1)
			if len(named) == 0 {
				t.Errorf("%s: no step is named in %q", heading, row)
			}
			for _, name := range named {
				lab, err := content.Lab(name[1])
				if err == nil {
					_, err = lab.Step(name[2])
				}
				if err != nil {
					t.Errorf("%s: %s: %v", heading, name[0], err)
				}
				covered[name[1]] = covered[name[1]] || heading == sections
			}
		}
	}
	for _, lab := range content.Labs() {
		if !covered[lab.ID] {
			t.Errorf("%s: no section is taught in %s", sections, lab.ID)
		}
	}
}

// table returns the cells of the rows of the table below a heading of the guide.
func table(t *testing.T, heading string) [][]string {
	t.Helper()
	guide, err := os.ReadFile("AUTHORING.md")
	if err != nil {
		t.Fatal(err)
	}
	_, below, found := strings.Cut(string(guide), "\n"+heading+"\n")
	if !found {
		t.Fatalf("the guide has no %q", heading)
	}
	below, _, _ = strings.Cut(below, "\n## ")
	_, below, found = strings.Cut(below, "\n|---|")
	if !found {
		t.Fatalf("%s: there is no table", heading)
	}
	var rows [][]string
	for _, line := range strings.Split(below, "\n")[1:] {
		if cells := strings.Split(strings.Trim(line, "|"), "|"); len(cells) > 1 {
			rows = append(rows, cells)
		}
	}
	return rows
}
