package catalog

import (
	"errors"
	"fmt"
	"io/fs"
	"path"
	"strings"

	"github.com/greenbox-lab/greenbox/labs"
)

// labFile is the file that says what a lab consists of.
const labFile = "lab.yaml"

// reader reads one lab's folder and gathers what is wrong with it: its methods
// return what they could read, and a zero value beside a problem.
type reader struct {
	fsys       fs.FS
	folder     string
	definition string            // the YAML file being read, from the folder
	used       map[string]bool   // files of the folder that something refers to
	sample     map[string]string // a value for each of the lab's variables
	problems   []error
}

// refuse notes a problem with a file of the folder.
func (r *reader) refuse(file string, line int, what, remedy string) {
	r.problems = append(r.problems, &Problem{path.Join(r.folder, file), line, what, remedy})
}

// file returns the content of a file that line of another one refers to.
func (r *reader) file(name string, line int, from string) string {
	r.used[name] = true
	if !fs.ValidPath(name) {
		r.refuse(from, line, fmt.Sprintf("%q is no file of this folder", name), "name a file inside the lab's folder")
		return ""
	}
	b, err := fs.ReadFile(r.fsys, path.Join(r.folder, name))
	switch {
	case errors.Is(err, fs.ErrNotExist):
		r.refuse(from, line, name+" is missing", "write it")
	case err != nil:
		r.refuse(from, line, fmt.Sprintf("%s cannot be read: %v", name, err), "make it a readable file")
	case strings.TrimSpace(string(b)) == "":
		r.refuse(name, 1, "the file is empty", "write it")
	}
	if name != labFile { // whose own variables are not known yet
		r.variables(name, string(b))
	}
	return string(b)
}

// translations returns name.<lang>.md in each language, which line of lab.yaml
// asks for.
func (r *reader) translations(name string, line int) labs.Text {
	text := labs.Text{}
	for _, lang := range labs.Langs() {
		text[lang] = r.file(fmt.Sprintf("%s.%s.md", name, lang), line, r.definition)
	}
	return text
}

// beside returns a text that a lab may have: in no language or in each.
func (r *reader) beside(name string) labs.Text {
	for _, lang := range labs.Langs() {
		if r.exists(fmt.Sprintf("%s.%s.md", name, lang)) {
			return r.translations(name, 1)
		}
	}
	return nil
}

func (r *reader) exists(name string) bool {
	_, err := fs.Stat(r.fsys, path.Join(r.folder, name))
	return err == nil
}

// strays refuses each file that nothing has referred to, but for hidden ones and
// those that editors make for themselves.
func (r *reader) strays() {
	err := fs.WalkDir(r.fsys, r.folder, func(name string, d fs.DirEntry, err error) error {
		switch {
		case err != nil:
			return err
		case d.IsDir() && strings.HasPrefix(d.Name(), ".") && name != r.folder:
			return fs.SkipDir
		case d.IsDir() || strings.HasPrefix(d.Name(), ".") || strings.HasSuffix(d.Name(), "~") || strings.HasSuffix(d.Name(), ".bak"):
			return nil
		}
		if name = strings.TrimPrefix(name, r.folder+"/"); !r.used[name] {
			r.refuse(name, 1, "nothing refers to this file", "name it after a step and a language, refer to it in lab.yaml, or remove it")
		}
		return nil
	})
	if err != nil {
		r.refuse(".", 1, err.Error(), "make the folder readable")
	}
}
