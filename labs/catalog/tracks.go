package catalog

import (
	"errors"
	"fmt"
	"io/fs"
	"slices"

	"github.com/greenbox-lab/greenbox/labs"
	"go.yaml.in/yaml/v3"
)

// tracksFile lies beside the labs' folders and puts them in order.
const tracksFile = "tracks.yaml"

// other is the track of the labs that are in no other.
var other = labs.Track{
	ID:      "other",
	Title:   labs.Text{labs.English: "Further labs", labs.TraditionalChinese: "其他 lab"},
	Summary: labs.Text{labs.English: "Labs that are in no track.", labs.TraditionalChinese: "不屬於任何學習路線的 lab。"},
}

// readTracks reads the tracks of a folder of labs; it need not have any.
func readTracks(fsys fs.FS) ([]labs.Track, []error) {
	source, err := fs.ReadFile(fsys, tracksFile)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	r := &reader{fsys: fsys, definition: tracksFile}
	var root yaml.Node
	if err == nil {
		err = yaml.Unmarshal(source, &root)
	}
	if err != nil {
		r.refuse(tracksFile, lineOf(err), err.Error(), "write valid YAML")
		return nil, r.problems
	}
	if len(root.Content) == 0 {
		return nil, nil
	}
	var tracks []labs.Track
	taken := map[string]bool{other.ID: true}
	r.each(root.Content[0], func(n *yaml.Node) {
		var t labs.Track
		r.mapping(n, fields{
			"id": r.id(&t.ID, taken), "title": r.text(&t.Title), "summary": r.text(&t.Summary),
			"labs": func(n *yaml.Node) { t.Labs = r.labIDs(n) },
		}, "id", "title", "summary", "labs")
		tracks = append(tracks, t)
	})
	return tracks, r.problems
}

func (r *reader) labIDs(n *yaml.Node) []string {
	var ids []string
	taken := map[string]bool{}
	r.each(n, func(n *yaml.Node) {
		var id string
		r.id(&id, taken)(n)
		ids = append(ids, id)
	})
	return ids
}

// Tracks returns the ways through the labs, in order: each lab is in one at
// least, and each track has one at least. A lab that could not be loaded is left out.
func (c *Catalog) Tracks() []labs.Track {
	var tracks []labs.Track
	placed := map[string]bool{}
	for _, t := range c.tracks {
		t.Labs = slices.DeleteFunc(slices.Clone(t.Labs), func(id string) bool {
			_, err := c.Lab(id)
			placed[id] = true
			return err != nil
		})
		tracks = append(tracks, t)
	}
	rest := other
	for _, l := range c.labs {
		if !placed[l.ID] {
			rest.Labs = append(rest.Labs, l.ID)
		}
	}
	return slices.DeleteFunc(append(tracks, rest), func(t labs.Track) bool { return len(t.Labs) == 0 })
}

// missing names the labs that tracks mention and the catalog does not have.
func (c *Catalog) missing() []error {
	var problems []error
	for _, t := range c.tracks {
		for _, id := range t.Labs {
			if _, err := c.Lab(id); err != nil {
				problems = append(problems, &Problem{tracksFile, 1, fmt.Sprintf("track %q names a lab that is not there: %q", t.ID, id), "write the lab, or remove its name"})
			}
		}
	}
	return problems
}
