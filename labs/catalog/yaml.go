package catalog

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/greenbox-lab/greenbox/labs"
	"go.yaml.in/yaml/v3"
)

// fields are the keys that a mapping may have, and what reads the value of each.
type fields map[string]func(*yaml.Node)

func (r *reader) refuseNode(n *yaml.Node, remedy, format string, args ...any) {
	r.refuse(r.definition, n.Line, fmt.Sprintf(format, args...), remedy)
}

// mapping reads n key by key and refuses an unknown, repeated or missing one.
func (r *reader) mapping(n *yaml.Node, known fields, required ...string) {
	n = resolve(n)
	if n.Kind != yaml.MappingNode {
		r.refuseNode(n, "write `key: value` pairs: "+keys(known), "expected a mapping")
		return
	}
	seen := map[string]bool{}
	for i := 0; i < len(n.Content); i += 2 {
		key, value := n.Content[i], n.Content[i+1]
		read, ok := known[key.Value]
		switch {
		case !ok:
			r.refuseNode(key, "known here: "+keys(known), "unknown field %q", key.Value)
		case seen[key.Value]:
			r.refuseNode(key, "keep one", "field %q is there twice", key.Value)
		default:
			read(resolve(value))
		}
		seen[key.Value] = true
	}
	for _, key := range required {
		if !seen[key] {
			r.refuseNode(n, "add it", "field %q is missing", key)
		}
	}
}

func keys(known fields) string { return strings.Join(slices.Sorted(maps.Keys(known)), ", ") }

func resolve(n *yaml.Node) *yaml.Node {
	if n.Kind == yaml.AliasNode {
		return n.Alias
	}
	return n
}

// each reads the items of a list that must have one.
func (r *reader) each(n *yaml.Node, read func(*yaml.Node)) {
	if n.Kind != yaml.SequenceNode || len(n.Content) == 0 {
		r.refuseNode(n, "write at least one `- ` item", "expected a list")
		return
	}
	for _, item := range n.Content {
		read(resolve(item))
	}
}

func (r *reader) str(into *string) func(*yaml.Node) {
	return func(n *yaml.Node) {
		if n.Kind != yaml.ScalarNode || n.Tag != "!!str" || strings.TrimSpace(n.Value) == "" {
			r.refuseNode(n, "write some, in quotes where YAML reads it as something else", "expected text")
			return
		}
		*into = n.Value
	}
}

func (r *reader) count(into *int) func(*yaml.Node) {
	return func(n *yaml.Node) {
		if err := n.Decode(into); err != nil || *into < 1 {
			r.refuseNode(n, "write 1 or more", "%q is not a number from 1", n.Value)
		}
	}
}

func (r *reader) truth(into *bool) func(*yaml.Node) {
	return func(n *yaml.Node) {
		if err := n.Decode(into); err != nil {
			r.refuseNode(n, "write true or false", "%q is neither true nor false", n.Value)
		}
	}
}

func (r *reader) duration(into *time.Duration, most time.Duration) func(*yaml.Node) {
	return func(n *yaml.Node) {
		d, err := time.ParseDuration(n.Value)
		if err != nil || d <= 0 || d > most {
			r.refuseNode(n, "write a time such as 10s", "%q is not a time of at most %v", n.Value, most)
			return
		}
		*into = d
	}
}

// oneOf reads a word that must be one of those allowed.
func (r *reader) oneOf(into *string, allowed ...string) func(*yaml.Node) {
	return func(n *yaml.Node) {
		if !slices.Contains(allowed, n.Value) {
			r.refuseNode(n, "write one of: "+strings.Join(allowed, ", "), "%q is not known here", n.Value)
			return
		}
		*into = n.Value
	}
}

// text reads a text that must be there in every language.
func (r *reader) text(into *labs.Text) func(*yaml.Node) {
	return func(n *yaml.Node) {
		*into = labs.Text{}
		known, required := fields{}, []string{}
		for _, lang := range labs.Langs() {
			known[string(lang)] = func(n *yaml.Node) {
				var s string
				r.str(&s)(n)
				(*into)[lang] = s
			}
			required = append(required, string(lang))
		}
		r.mapping(n, known, required...)
	}
}
