// Package catalog reads labs from folders and refuses any that could not be
// taught: Load returns every problem it finds, each with file, line and remedy.
// The labs that ship with Greenbox lie beside this file, one folder each; adding
// a folder adds a lab.
//
// # A lab's folder
//
//	<lab>/lab.yaml
//	<lab>/intro.en.md, intro.zh-TW.md         what the lab is about (both or neither)
//	<lab>/<step>.en.md, <step>.zh-TW.md       what to do in a step, in Markdown
//	<lab>/setup.sh, <anything>.sh             named by setup: and by script checks
//	<lab>/solutions/<step>/solution.sh        after it the step must pass
//	<lab>/solutions/<step>/wrong-1.sh         after it the step must not pass; at least one
//	<lab>/solutions/<step>/alternative-1.sh   another way that must pass
//
// Every script is bash, run as root on controlplane with nothing on its stdin,
// where `ssh -n node01 ...` asks nothing. setup is idempotent: run again, it
// brings the lab back to its start, and it is run before every solution. In a
// step with a question, the last line that a solution prints is what is typed as
// the answer. A file that nothing refers to is refused.
//
// # lab.yaml
//
//	id: delete-static-pod                # the folder's name; lab and step ids never change
//	title: {en: ..., zh-TW: ...}         # every text is in every language
//	summary: {en: ..., zh-TW: ...}       # one sentence for the list of labs
//	minutes: 15
//	setup: setup.sh                      # optional
//	steps:
//	- id: delete                         # lower-case words joined by hyphens; not intro
//	  title: {en: ..., zh-TW: ...}
//	  checks:                            # at least one; the step passes when all hold
//	  - id: away
//	    points: 2                        # optional, 1
//	    failed: {en: ..., zh-TW: ...}    # what was expected and why; never the solution
//	    object: ...                      # exactly one of the five kinds below
//
//	object: {kind: Pod, namespace: default, name: web, expr: "object.status.phase == 'Running'"}
//	object: {kind: Pod, namespace: default, selector: app=web, absent: true, for: 10s}
//	file: {node: node01, path: /etc/motd, expr: "text.contains('hello')"}     # over text, data
//	file: {node: node01, path: /etc/motd, absent: true}
//	kubeconfig: {expr: "context.namespace == 'dev'"}     # over context: name, namespace, cluster, user
//	answer: {kind: text, equals: {node: node01, expr: configz.staticPodPath}} # over configz
//	answer: {kind: number, equals: 3}
//	answer: {kind: choice, choices: [{id: a, text: {en: ..., zh-TW: ...}}, ...], equals: a}
//	script: {node: node01, run: stopped.sh}              # exit code 0 passes
//
// kind is as kubectl spells it (Deployment.apps where a name is not enough); a
// namespace left out means every namespace. Of several objects one must satisfy
// expr. for is at most 15s; its condition gets some seconds to begin to hold when the
// step's other checks hold. A step has at most one answer. Expressions are CEL
// (package expr) and must type-check. A file check's message does not name its
// path, which may be what the learner is to find.
//
// The package knows no cluster: that solutions solve is proved by whoever has one.
package catalog

import (
	"embed"
	"errors"
	"fmt"
	"io/fs"
	"slices"

	"github.com/greenbox-lab/greenbox/labs"
)

//go:embed */*
var content embed.FS

// Catalog holds labs that have passed every rule. It does not change.
type Catalog struct {
	labs      []labs.Lab
	solutions map[stepKey][]Solution
}

type stepKey struct{ lab, step string }

// Embedded returns the labs that ship with the binary.
func Embedded() (*Catalog, error) { return Load(content) }

// Load reads every folder at the root of fsys as a lab. On error no catalog is
// returned and the error joins a *Problem for all that is wrong with any lab.
func Load(fsys fs.FS) (*Catalog, error) {
	entries, err := fs.ReadDir(fsys, ".")
	if err != nil {
		return nil, fmt.Errorf("list labs: %w", err)
	}
	c := &Catalog{solutions: map[stepKey][]Solution{}}
	var problems []error
	for _, e := range entries {
		if e.IsDir() {
			problems = append(problems, c.load(fsys, e.Name())...)
		}
	}
	if len(problems) > 0 {
		return nil, errors.Join(problems...)
	}
	if len(c.labs) == 0 {
		return nil, errors.New("list labs: there are none")
	}
	return c, nil
}

func (c *Catalog) load(fsys fs.FS, folder string) []error {
	r := &reader{fsys: fsys, folder: folder, used: map[string]bool{}}
	lab, ok := r.lab()
	if !ok {
		return r.problems
	}
	for _, step := range lab.Steps {
		c.solutions[stepKey{lab.ID, step.ID}] = r.solutions(step.ID)
	}
	r.strays()
	c.labs = append(c.labs, lab)
	return r.problems
}

// Labs returns every lab, ordered by id.
func (c *Catalog) Labs() []labs.Lab { return slices.Clone(c.labs) }

// Lab returns the lab with that id, or labs.ErrNotFound.
func (c *Catalog) Lab(id string) (labs.Lab, error) {
	i := slices.IndexFunc(c.labs, func(l labs.Lab) bool { return l.ID == id })
	if i < 0 {
		return labs.Lab{}, labs.ErrNotFound
	}
	return c.labs[i], nil
}

// Solutions returns the ways through a step that the lab ships, right and wrong,
// ordered by name; nil for an unknown lab or step.
func (c *Catalog) Solutions(lab, step string) []Solution {
	return slices.Clone(c.solutions[stepKey{lab, step}])
}
