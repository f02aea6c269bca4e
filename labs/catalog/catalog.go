// Package catalog reads labs from folders and refuses any that could not be
// taught: Load returns every problem it finds, each with file, line and remedy.
// The labs that ship with Greenbox lie beside this file, one folder each; adding
// a folder adds a lab.
//
// # A lab's folder
//
//	<lab>/lab.yaml
//	<lab>/intro.en.md, intro.zh-TW.md         what the lab is about (both or neither)
//	<lab>/recap.en.md, recap.zh-TW.md         what was learnt, for after the last step (both or neither)
//	<lab>/<step>.en.md, <step>.zh-TW.md       what to do in a step, in Markdown
//	<lab>/<anything>.sh                       named by setup:, start: and script checks
//	<lab>/solutions/<step>/solution.sh        after it the step must pass
//	<lab>/solutions/<step>/wrong-1.sh         after it the step must not pass; at least one
//	<lab>/solutions/<step>/alternative-1.sh   another way that must pass
//
// Every script is bash, run as root on controlplane in /root with nothing on its
// stdin, where `ssh -n node01 ...` asks nothing. The starting point of a step is
// reached from a clean cluster (package sandbox/restore) by setup, then start of
// each step up to and including it; all of them can be run again. In a step with a
// question, the last line that a solution prints is what is typed as the answer.
// A learner who asks for it is shown solution.sh without the comment at its top.
// A file that nothing refers to is refused.
//
// Beside the folders, tracks.yaml puts the labs in order: a list of
// {id, title, summary, labs: [<lab>, ...]}.
//
// # lab.yaml
//
//	id: delete-static-pod                # the folder's name; lab and step ids never change
//	title: {en: ..., zh-TW: ...}         # every text is in every language
//	summary: {en: ..., zh-TW: ...}       # one sentence for the list of labs
//	minutes: 15
//	vary:                                # optional: drawn for each session; {{team}} stands for it in
//	  team: [amber, birch]               # every text, script, expression and solution of the lab
//	  port: {from: 30100, to: 30900}
//	setup: setup.sh                      # optional
//	irrecoverable:                       # optional: states from which only a reset leads back
//	- file: {node: controlplane, path: /etc/kubernetes/pki/sa.key, absent: true}  # or object, script
//	  say: {en: ..., zh-TW: ...}
//	steps:
//	- id: delete                         # lower-case words joined by hyphens; not intro, recap
//	  title: {en: ..., zh-TW: ...}
//	  start: start-delete.sh             # optional: makes what the earlier steps leave
//	  hints: [{en: ..., zh-TW: ...}]     # optional, Markdown: from a nudge to nearly the command
//	  checks:                            # at least one; the step passes when all hold
//	  - id: away
//	    points: 2                        # optional, 1
//	    failed: {en: ..., zh-TW: ...}    # what was expected and why; never the solution
//	    object: ...                      # exactly one of the five kinds below
//
//	object: {kind: Pod, namespace: default, name: web, expr: "object.status.phase == 'Running'"}
//	object: {kind: Pod, namespace: default, selector: app=web, absent: true, for: 10s}
//	object: {kind: Pod, selector: app=web, list: "objects.filter(o, has(o.status.podIP)).size() == 2"}
//	file: {node: node01, path: /etc/motd, expr: "text.contains('hello')"}     # over text, data, docs
//	file: {node: node01, path: /etc/motd, absent: true}
//	kubeconfig: {expr: "context.namespace == 'dev'"}     # over context: name, namespace, cluster, user
//	answer: {kind: text, equals: [10s, "10"]}            # any of them is right
//	answer: {kind: choice, choices: [{id: a, text: {en: ..., zh-TW: ...}}, ...], equals: a}
//	answer: {kind: text, equals: {node: node01, expr: configz.staticPodPath}} # over configz
//	answer: {kind: text, equals: {object: {kind: Pod, name: web}, expr: object.status.podIP}} # over object, objects
//	answer: {kind: number, equals: {script: {node: node01, run: count.sh}}}   # the last line it prints
//	script: {node: node01, run: stopped.sh}              # exit code 0 passes
//
// kind is as kubectl spells it (Deployment.apps where a name is not enough); a
// namespace left out means every namespace; without name and selector every object
// of the kind is meant. Of several objects one must satisfy expr, list judges them
// together. for is at most 15s; its condition gets some seconds to begin to hold
// when the step's other checks hold. A step has at most one answer. Expressions are
// CEL (package expr) and must type-check. A file check's message does not name its
// path, which may be what the learner is to find.
//
// The package knows no cluster: that solutions solve is proved by whoever has one.
package catalog

import (
	"cmp"
	"embed"
	"errors"
	"fmt"
	"io/fs"
	"slices"
	"strings"

	"github.com/greenbox-lab/greenbox/labs"
)

//go:embed tracks.yaml */*
var content embed.FS

// Catalog holds labs that have passed every rule. It does not change.
type Catalog struct {
	labs      []labs.Lab // ordered by id
	solutions map[stepKey][]Solution
	tracks    []labs.Track
}

type stepKey struct{ lab, step string }

// Embedded returns the labs that ship with the binary.
func Embedded() (*Catalog, error) { return Load(content) }

// Load reads every folder at the root of fsys as a lab, but for those whose name
// starts with a dot. On error no catalog is returned and the error joins a
// *Problem for all that is wrong with any lab.
func Load(fsys fs.FS) (*Catalog, error) {
	c, problems := read(fsys)
	problems = append(problems, c.missing()...)
	if len(problems) > 0 {
		return nil, errors.Join(problems...)
	}
	if len(c.labs) == 0 {
		return nil, errors.New("list labs: there are none")
	}
	return c, nil
}

// Layered returns the labs of base and of over, which may replace a lab or a track
// of base by one of the same id. A lab of over that breaks a rule is left out, and
// the one of base stays; what is wrong with it is a *Problem. Other errors say that
// over could not be read.
func Layered(base *Catalog, over fs.FS) (*Catalog, []error) {
	c, problems := read(over)
	for _, l := range base.labs {
		if _, err := c.Lab(l.ID); err != nil {
			c.take(l, base.solutions)
		}
	}
	slices.SortFunc(c.labs, func(a, b labs.Lab) int { return cmp.Compare(a.ID, b.ID) })
	added := c.tracks
	c.tracks = slices.Clone(base.tracks)
	for _, t := range added {
		if at := slices.IndexFunc(c.tracks, func(b labs.Track) bool { return b.ID == t.ID }); at >= 0 {
			c.tracks[at] = t
		} else {
			c.tracks = append(c.tracks, t)
		}
	}
	return c, append(problems, c.missing()...)
}

// read returns what is right, and what is wrong.
func read(fsys fs.FS) (*Catalog, []error) {
	c := &Catalog{solutions: map[stepKey][]Solution{}}
	entries, err := fs.ReadDir(fsys, ".")
	if err != nil {
		return c, []error{fmt.Errorf("list labs: %w", err)}
	}
	var problems []error
	c.tracks, problems = readTracks(fsys)
	for _, e := range entries {
		if e.IsDir() && !strings.HasPrefix(e.Name(), ".") {
			problems = append(problems, c.load(fsys, e.Name())...)
		}
	}
	return c, problems
}

// load adds the lab of a folder when nothing is wrong with it.
func (c *Catalog) load(fsys fs.FS, folder string) []error {
	r := &reader{fsys: fsys, folder: folder, definition: labFile, used: map[string]bool{}}
	lab, ok := r.lab()
	if !ok {
		return r.problems
	}
	found := map[stepKey][]Solution{}
	for i, step := range lab.Steps {
		found[stepKey{lab.ID, step.ID}] = r.solutions(step.ID)
		lab.Steps[i].Solution = shown(found[stepKey{lab.ID, step.ID}])
	}
	r.strays()
	if len(r.problems) == 0 {
		c.take(lab, found)
	}
	return r.problems
}

func (c *Catalog) take(lab labs.Lab, solutions map[stepKey][]Solution) {
	c.labs = append(c.labs, lab)
	for _, step := range lab.Steps {
		key := stepKey{lab.ID, step.ID}
		c.solutions[key] = solutions[key]
	}
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
