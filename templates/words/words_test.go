package words_test

import (
	"encoding/json"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/greenbox-lab/greenbox/labs"
	"github.com/greenbox-lab/greenbox/templates/words"
)

func TestEveryLanguageHasTheSameTexts(t *testing.T) {
	english := read(t, labs.English)
	for _, lang := range labs.Langs() {
		for id, text := range read(t, lang) {
			if english[id] == nil {
				t.Errorf("%s: %q is not in English", lang, id)
				continue
			}
			if got, want := names(text), names(english[id]); !slices.Equal(got, want) {
				t.Errorf("%s: %q names %v, the English text %v", lang, id, got, want)
			}
		}
		for id := range english {
			if words.T(lang, id) == "" || read(t, lang)[id] == nil {
				t.Errorf("%s: %q is missing", lang, id)
			}
		}
	}
}

func TestEveryTextIsUsedAndEveryUsedTextExists(t *testing.T) {
	used := usedIDs(t)
	for id := range read(t, labs.English) {
		if !used[id] {
			t.Errorf("%q is used nowhere", id)
		}
	}
	for id := range used {
		if read(t, labs.English)[id] == nil {
			t.Errorf("%q is used and does not exist", id)
		}
	}
}

func TestT(t *testing.T) {
	rows := []struct {
		name string
		lang labs.Lang
		id   string
		data words.Data
		want string
	}{
		{"a plain text", labs.English, "js.check.first", nil, "Check"},
		{"the other language", labs.TraditionalChinese, "js.check.first", nil, "檢查"},
		{"a language that is not ours falls back to English", "fr", "js.check.first", nil, "Check"},
		{"one has its own form in English", labs.English, "home.steps", words.Data{"Count": 1}, "1 step"},
		{"many have another", labs.English, "home.steps", words.Data{"Count": 3}, "3 steps"},
		{"Chinese has one form for both", labs.TraditionalChinese, "home.steps", words.Data{"Count": 1}, "1 個步驟"},
		{"an unknown id is shown as it is", labs.English, "no.such", nil, "no.such"},
	}
	for _, row := range rows {
		t.Run(row.name, func(t *testing.T) {
			if got := words.T(row.lang, row.id, row.data); got != row.want {
				t.Errorf("got %q, want %q", got, row.want)
			}
		})
	}
}

func TestScriptGetsItsTextsUnfilled(t *testing.T) {
	script := words.Script(labs.English)
	if got, want := script["progress"], "{{.Done}} of {{.Total}} steps"; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
	if _, there := script["js.check.first"]; there {
		t.Error("a text that is not for the script is there")
	}
}

func read(t *testing.T, lang labs.Lang) map[string]any {
	t.Helper()
	content, err := os.ReadFile(fmt.Sprintf("active.%s.json", lang))
	if err != nil {
		t.Fatal(err)
	}
	texts := map[string]any{}
	if err := json.Unmarshal(content, &texts); err != nil {
		t.Fatalf("%s: %v", lang, err)
	}
	return texts
}

var name = regexp.MustCompile(`\{\{\.\w+\}\}`)

// names lists what a text leaves to be filled in, each once.
func names(text any) []string {
	found := name.FindAllString(fmt.Sprint(text), -1)
	slices.Sort(found)
	return slices.Compact(found)
}

// sources are where texts are used: how an id is written there, and what stands
// before it in the files of texts.
var sources = []struct {
	dir    string
	files  *regexp.Regexp
	id     *regexp.Regexp
	prefix string
}{
	{"..", regexp.MustCompile(`\.(templ|go)$`), regexp.MustCompile(`"((?:[a-z]+\.)+[a-z0-9.-]*)"`), ""},
	{"../../static/src", regexp.MustCompile(`\.ts$`), regexp.MustCompile("\\bword\\([\"`]([a-z.-]+)"), "js."},
}

// valued are the ids that end in a value of the program.
func valued() map[string][]string {
	verdicts := []string{string(labs.Passed), string(labs.Failed), string(labs.Errored)}
	values := map[string][]string{
		"state.":     {"queued", "preparing", "ready", "paused", "ended", "failed"},
		"js.stage.":  {"done", "now", "todo"},
		"js.step.":   verdicts,
		"js.check.":  verdicts,
		"js.result.": verdicts,
	}
	for _, wait := range labs.Waits() {
		values["wait."] = append(values["wait."], string(wait))
	}
	for _, stage := range labs.Stages() {
		values["stage."] = append(values["stage."], string(stage))
	}
	return values
}

// usedIDs finds the ids in the templates and in the script. One that ends in a
// dot stands for all its values.
func usedIDs(t *testing.T) map[string]bool {
	t.Helper()
	used, values := map[string]bool{}, valued()
	for _, source := range sources {
		for _, content := range contents(t, source.dir, source.files) {
			for _, found := range source.id.FindAllStringSubmatch(content, -1) {
				id := source.prefix + found[1]
				if !strings.HasSuffix(id, ".") {
					used[id] = true
				}
				for _, value := range values[id] {
					used[id+value] = true
				}
			}
		}
	}
	return used
}

func contents(t *testing.T, dir string, wanted *regexp.Regexp) []string {
	t.Helper()
	var all []string
	err := filepath.WalkDir(dir, func(path string, entry fs.DirEntry, err error) error {
		test := strings.HasSuffix(path, "_test.go") || strings.HasSuffix(path, ".test.ts") || strings.HasSuffix(path, "_templ.go")
		if err != nil || entry.IsDir() || test || !wanted.MatchString(path) {
			return err
		}
		content, err := os.ReadFile(path)
		all = append(all, string(content))
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return all
}
