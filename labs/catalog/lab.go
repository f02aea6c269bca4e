package catalog

import (
	"path"
	"regexp"
	"strconv"

	"github.com/greenbox-lab/greenbox/labs"
	"go.yaml.in/yaml/v3"
)

// lab reads the folder's lab.yaml and the files it refers to. It reports whether
// lab.yaml could be read at all.
func (r *reader) lab() (lab labs.Lab, ok bool) {
	var root yaml.Node
	source := r.file(labFile, 1, labFile)
	if err := yaml.Unmarshal([]byte(source), &root); err != nil {
		r.refuse(r.definition, lineOf(err), err.Error(), "write valid YAML")
		return lab, false
	}
	if len(root.Content) == 0 {
		r.refuse(labFile, 1, "there is nothing in it", "write the lab")
		return lab, false
	}
	r.vary(root.Content[0], &lab)
	r.variables(labFile, source)
	r.mapping(root.Content[0], fields{
		"id":            r.labID(&lab.ID),
		"title":         r.text(&lab.Title),
		"summary":       r.text(&lab.Summary),
		"minutes":       r.count(&lab.Minutes),
		"vary":          func(*yaml.Node) {}, // has been read: the other fields need it
		"setup":         r.script(&lab.Setup),
		"irrecoverable": func(n *yaml.Node) { lab.Irrecoverable = r.irrecoverable(n) },
		"steps":         func(n *yaml.Node) { lab.Steps = r.steps(n) },
	}, "id", "title", "summary", "minutes", "steps")
	lab.Text, lab.Recap = r.beside("intro"), r.beside("recap")
	return lab, true
}

// lineOf finds the line in a message of the YAML parser: "yaml: line 3: ...".
func lineOf(err error) int {
	found := regexp.MustCompile(`line (\d+)`).FindStringSubmatch(err.Error())
	if found == nil {
		return 1
	}
	line, err := strconv.Atoi(found[1])
	if err != nil {
		return 1
	}
	return line
}

func (r *reader) labID(into *string) func(*yaml.Node) {
	return func(n *yaml.Node) {
		r.id(into, map[string]bool{})(n)
		if *into != "" && *into != r.folder {
			r.refuseNode(n, "give both the same name", "id %q is not the folder's name %q", *into, r.folder)
		}
	}
}

// id reads an id and refuses one that is taken.
func (r *reader) id(into *string, taken map[string]bool) func(*yaml.Node) {
	valid := regexp.MustCompile(`^[a-z0-9]+(-[a-z0-9]+)*$`)
	return func(n *yaml.Node) {
		switch {
		case !valid.MatchString(n.Value) || len(n.Value) > 63:
			r.refuseNode(n, "write lower-case words joined by hyphens, at most 63 characters", "%q is no id", n.Value)
		case taken[n.Value]:
			r.refuseNode(n, "choose another", "id %q is there twice", n.Value)
		default:
			taken[n.Value] = true
			*into = n.Value
		}
	}
}

// script reads the name of a file and takes its content.
func (r *reader) script(into *string) func(*yaml.Node) {
	return func(n *yaml.Node) {
		var name string
		r.str(&name)(n)
		if name != "" {
			*into = r.file(name, n.Line, r.definition)
		}
	}
}

func (r *reader) steps(n *yaml.Node) []labs.Step {
	var steps []labs.Step
	taken := map[string]bool{"intro": true, "recap": true}
	r.each(n, func(n *yaml.Node) { steps = append(steps, r.step(n, taken)) })
	return steps
}

func (r *reader) step(n *yaml.Node, taken map[string]bool) labs.Step {
	var step labs.Step
	r.mapping(n, fields{
		"id":     r.id(&step.ID, taken),
		"title":  r.text(&step.Title),
		"start":  r.script(&step.Start),
		"hints":  func(n *yaml.Node) { step.Hints = r.hints(n) },
		"checks": func(n *yaml.Node) { step.Checks = r.checks(n) },
	}, "id", "title", "checks")
	if step.ID == "" {
		return step
	}
	step.Text = r.translations(step.ID, n.Line)
	for _, name := range []string{"solution", "wrong-1"} {
		file := path.Join("solutions", step.ID, name+".sh")
		if !r.exists(file) {
			r.refuseNode(n, "write it", "step %q has no %s", step.ID, file)
		}
	}
	return step
}

func (r *reader) hints(n *yaml.Node) []labs.Text {
	var hints []labs.Text
	r.each(n, func(n *yaml.Node) {
		var hint labs.Text
		r.text(&hint)(n)
		hints = append(hints, hint)
	})
	return hints
}

func (r *reader) checks(n *yaml.Node) []labs.Check {
	var checks []labs.Check
	taken := map[string]bool{}
	answers := 0
	r.each(n, func(n *yaml.Node) {
		c := r.check(n, taken)
		if c.Answer != nil {
			answers++
		}
		if c.Answer != nil && answers == 2 {
			r.refuseNode(n, "make it a step of its own", "the step asks two questions")
		}
		checks = append(checks, c)
	})
	return checks
}
