package catalog

import (
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/greenbox-lab/greenbox/labs"
	"go.yaml.in/yaml/v3"
)

// maxValues is the most values that a variable may have.
const maxValues = 1000

// vary reads the lab's variables, so that what is read after them may use them.
func (r *reader) vary(root *yaml.Node, lab *labs.Lab) {
	for i := 0; root.Kind == yaml.MappingNode && i < len(root.Content); i += 2 {
		if root.Content[i].Value == "vary" {
			lab.Vary = r.drawn(resolve(root.Content[i+1]))
		}
	}
	r.sample = lab.Values("")
}

func (r *reader) drawn(n *yaml.Node) []labs.Variable {
	valid := regexp.MustCompile(`^[a-z][a-z0-9-]*$`)
	if n.Kind != yaml.MappingNode || len(n.Content) == 0 {
		r.refuseNode(n, "write `name: [value, value]` or `name: {from: 1, to: 9}`", "expected variables")
		return nil
	}
	var found []labs.Variable
	for i := 0; i < len(n.Content); i += 2 {
		name := n.Content[i]
		if !valid.MatchString(name.Value) || slices.Contains(templateWords, name.Value) {
			r.refuseNode(name, "write a lower-case word", "%q is no name of a variable", name.Value)
			continue
		}
		if values := r.values(resolve(n.Content[i+1])); len(values) > 0 {
			found = append(found, labs.Variable{Name: name.Value, Values: values})
		}
	}
	return found
}

// values reads a list of words or a range of numbers.
func (r *reader) values(n *yaml.Node) []string {
	if n.Kind == yaml.MappingNode {
		return r.span(n)
	}
	valid := regexp.MustCompile(`^[a-z0-9]([a-z0-9.-]*[a-z0-9])?$`)
	var values []string
	r.each(n, func(n *yaml.Node) {
		if !valid.MatchString(n.Value) || slices.Contains(values, n.Value) {
			r.refuseNode(n, "write different plain lower-case words or numbers", "%q cannot be drawn", n.Value)
			return
		}
		values = append(values, n.Value)
	})
	if len(values) == 1 {
		r.refuseNode(n, "give two or more", "one value does not vary")
	}
	return values
}

func (r *reader) span(n *yaml.Node) []string {
	var from, to int
	r.mapping(n, fields{"from": r.count(&from), "to": r.count(&to)}, "from", "to")
	if to <= from || to-from >= maxValues {
		r.refuseNode(n, "let to be larger than from, by less than "+strconv.Itoa(maxValues), "%d to %d is no range", from, to)
		return nil
	}
	var values []string
	for i := from; i <= to; i++ {
		values = append(values, strconv.Itoa(i))
	}
	return values
}

// templateWords look like variables, but are Go's templates', as kubectl takes them.
var templateWords = []string{"end", "else", "break", "continue"}

var placeholder = regexp.MustCompile(`\{\{([a-z][a-z0-9-]*)\}\}`)

// variables refuses a use of a variable that the lab does not have.
func (r *reader) variables(file, content string) {
	for i, line := range strings.Split(content, "\n") {
		for _, found := range placeholder.FindAllStringSubmatch(line, -1) {
			if _, known := r.sample[found[1]]; !known && !slices.Contains(templateWords, found[1]) {
				r.refuse(file, i+1, "unknown variable "+found[0], "declare it under vary, or correct its name")
			}
		}
	}
}

// filled is what a text may become in a session.
func (r *reader) filled(text string) string { return labs.Fill(text, r.sample) }
