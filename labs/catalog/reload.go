package catalog

import (
	"cmp"
	"errors"
	"io/fs"
	"slices"
	"strings"

	"github.com/greenbox-lab/greenbox/labs"
)

// Relayered is Layered for a folder that has changed since it was before: a lab of
// over that has come to break a rule stays as it was, so that those who are taking
// it can go on while its author corrects it.
func Relayered(base, before *Catalog, over fs.FS) (*Catalog, []error) {
	c, problems := Layered(base, over)
	for _, id := range broken(problems) {
		good, err := before.Lab(id)
		if err != nil {
			continue
		}
		c.labs = slices.DeleteFunc(c.labs, func(l labs.Lab) bool { return l.ID == id })
		c.take(good, before.solutions)
	}
	slices.SortFunc(c.labs, func(a, b labs.Lab) int { return cmp.Compare(a.ID, b.ID) })
	return c, problems
}

// broken are the labs, each once, that problems are about.
func broken(problems []error) []string {
	var ids []string
	for _, err := range problems {
		var p *Problem
		if !errors.As(err, &p) {
			continue
		}
		if id, _, in := strings.Cut(p.File, "/"); in && !slices.Contains(ids, id) {
			ids = append(ids, id)
		}
	}
	return ids
}
