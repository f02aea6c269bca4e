package catalog_test

import (
	"errors"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/greenbox-lab/greenbox/labs/catalog"
)

// folder is demo under another id.
func folder(id string, change func(map[string]string)) fstest.MapFS {
	fsys := fstest.MapFS{}
	files := demo()
	if change != nil {
		change(files)
	}
	for name, content := range files {
		if name == "lab.yaml" {
			content = strings.Replace(content, "id: demo", "id: "+id, 1)
		}
		fsys[id+"/"+name] = &fstest.MapFile{Data: []byte(content)}
	}
	return fsys
}

func TestLayered(t *testing.T) {
	base, err := catalog.Load(folder("demo", nil))
	if err != nil {
		t.Fatal(err)
	}
	minutes := func(f map[string]string) {
		f["lab.yaml"] = strings.Replace(f["lab.yaml"], "minutes: 5", "minutes: 9", 1)
	}
	broken := func(f map[string]string) { delete(f, "setup.sh") }
	tests := map[string]struct {
		over     fstest.MapFS
		labs     string // id:minutes
		problems int
	}{
		"a further lab joins":                   {folder("extra", nil), "demo:5 extra:5", 0},
		"a lab of the same id replaces":         {folder("demo", minutes), "demo:9", 0},
		"a broken lab leaves the others":        {folder("extra", broken), "demo:5", 1},
		"a broken replacement leaves the first": {folder("demo", broken), "demo:5", 1},
		"a hidden folder is no lab":             {folder(".git", nil), "demo:5", 0},
		"an empty folder adds nothing":          {fstest.MapFS{}, "demo:5", 0},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			c, problems := catalog.Layered(base, tt.over)
			var got []string
			for _, l := range c.Labs() {
				got = append(got, l.ID+":"+string(rune('0'+l.Minutes)))
				if len(c.Solutions(l.ID, "do")) != 2 {
					t.Errorf("%s lost its solutions", l.ID)
				}
			}
			if strings.Join(got, " ") != tt.labs || len(problems) != tt.problems {
				t.Errorf("got %v and %v; want %s and %d problems", got, problems, tt.labs, tt.problems)
			}
		})
	}
}

func TestTracks(t *testing.T) {
	fsys := folder("demo", nil)
	for name, file := range folder("extra", nil) {
		fsys[name] = file
	}
	fsys["tracks.yaml"] = &fstest.MapFile{Data: []byte("- {id: first, title: {en: A, zh-TW: B}, summary: {en: A, zh-TW: B}, labs: [extra]}\n")}
	c, err := catalog.Load(fsys)
	if err != nil {
		t.Fatal(err)
	}
	tracks := c.Tracks()
	if len(tracks) != 2 || tracks[0].Labs[0] != "extra" || tracks[1].ID != "other" || tracks[1].Labs[0] != "demo" {
		t.Errorf("tracks are %+v", tracks)
	}
	over := fstest.MapFS{"tracks.yaml": &fstest.MapFile{Data: []byte("- {id: first, title: {en: C, zh-TW: D}, summary: {en: A, zh-TW: B}, labs: [demo, gone]}\n")}}
	c, problems := catalog.Layered(c, over)
	if got := c.Tracks(); got[0].Title["en"] != "C" || got[0].Labs[0] != "demo" || len(got[0].Labs) != 1 || got[1].Labs[0] != "extra" {
		t.Errorf("tracks are %+v", got)
	}
	var problem *catalog.Problem
	if len(problems) != 1 || !errors.As(problems[0], &problem) || !strings.Contains(problem.What, `"gone"`) {
		t.Errorf("problems are %v", problems)
	}
}

func TestBadTracks(t *testing.T) {
	for name, content := range map[string]string{
		"broken YAML":     "- {id: [",
		"a missing title": "- {id: a, summary: {en: A, zh-TW: B}, labs: [demo]}",
		"the id other":    "- {id: other, title: {en: A, zh-TW: B}, summary: {en: A, zh-TW: B}, labs: [demo]}",
		"no lab":          "- {id: a, title: {en: A, zh-TW: B}, summary: {en: A, zh-TW: B}, labs: []}",
	} {
		fsys := folder("demo", nil)
		fsys["tracks.yaml"] = &fstest.MapFile{Data: []byte(content)}
		if _, err := catalog.Load(fsys); err == nil || !strings.Contains(err.Error(), "tracks.yaml:1: ") {
			t.Errorf("%s: %v", name, err)
		}
	}
}
