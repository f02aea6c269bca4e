package main

import (
	"encoding/json"
	"errors"
	"io"
	"os/exec"
	"slices"
	"strings"
	"testing"
)

const module = "github.com/greenbox-lab/greenbox"

// arrows lists, for each package of ours, which others it may import. A new
// import between our packages is a change to this table. A name stands for
// itself and, with /..., for what is below it.
var arrows = map[string][]string{
	"labs":                        {},
	"labs/expr":                   {},
	"labs/catalog":                {"labs", "labs/expr"},
	"labs/grade":                  {"labs", "labs/expr"},
	"labs/progress":               {"labs"},
	"labs/prove":                  {"labs", "labs/catalog", "labs/grade"},
	"labs/shelf":                  {"labs", "labs/catalog"},
	"labs/starter":                {"labs/catalog"},
	"labs/progress/migrations":    {},
	"labs/feed":                   {"labs"},
	"sandbox":                     {"labs", "sandbox/agent", "sandbox/archive", "sandbox/cluster", "sandbox/restore", "sandbox/terminal"},
	"sandbox/agent":               {"sandbox/agent/mirror", "sandbox/agent/node"},
	"sandbox/agent/mirror":        {},
	"sandbox/agent/node":          {},
	"sandbox/archive":             {"labs"},
	"sandbox/cluster":             {"labs"},
	"sandbox/cluster/clustertest": {"labs", "sandbox/cluster"},
	"sandbox/engine":              {},
	"sandbox/kind":                {"labs", "sandbox/cluster", "sandbox/engine"},
	"sandbox/nodeimage":           {"sandbox/engine"},
	"sandbox/restore":             {"labs"},
	"sandbox/terminal":            {"sandbox/agent"},
	"static":                      {},
	"templates/...":               {"labs", "templates/..."},
	"web":                         {"labs", "labs/feed", "labs/grade", "labs/progress", "sandbox", "sandbox/agent", "sandbox/terminal", "static", "templates/..."},
	"web/control":                 {"labs", "sandbox", "sandbox/cluster"},
	"cmd/greenbox":                {"..."},
	"cmd/greenbox/measure":        {"sandbox/engine"},
}

func TestPackagesImportOnlyWhatTheArrowsAllow(t *testing.T) {
	out, err := exec.CommandContext(t.Context(), "go", "list", "-json=ImportPath,Imports", module+"/...").Output()
	if err != nil {
		t.Fatal(err)
	}
	for packages := json.NewDecoder(strings.NewReader(string(out))); ; {
		var p struct {
			ImportPath string
			Imports    []string
		}
		if err := packages.Decode(&p); errors.Is(err, io.EOF) {
			return
		} else if err != nil {
			t.Fatal(err)
		}
		name := strings.TrimPrefix(p.ImportPath, module+"/")
		allowed, known := lookup(name)
		if !known {
			t.Errorf("package %s is not in the table of arrows", name)
		}
		for _, i := range p.Imports {
			if other, ours := strings.CutPrefix(i, module+"/"); ours && !slices.ContainsFunc(allowed, covers(other)) {
				t.Errorf("%s must not import %s", name, other)
			}
		}
	}
}

func lookup(name string) ([]string, bool) {
	for pattern, allowed := range arrows {
		if covers(name)(pattern) {
			return allowed, true
		}
	}
	return nil, false
}

// covers returns a function that reports whether a pattern stands for name.
func covers(name string) func(pattern string) bool {
	return func(pattern string) bool {
		prefix, below := strings.CutSuffix(pattern, "...")
		return pattern == name || below && strings.HasPrefix(name+"/", prefix)
	}
}
