package engine

import (
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestParseSources(t *testing.T) {
	for _, row := range []struct {
		name, text string
		want       []source
	}{
		{
			"two stanzas, a comment within",
			"Types: deb\n# the mirror of the house\nURIs: http://mirror.example/debian\nSuites: bookworm bookworm-updates\nComponents: main\nSigned-By: /k.gpg\n\nTypes: deb\nURIs: http://mirror.example/security\nSuites: bookworm-security\nComponents: main contrib\n",
			[]source{
				{[]string{"http://mirror.example/debian"}, []string{"bookworm", "bookworm-updates"}, []string{"main"}, "/k.gpg"},
				{[]string{"http://mirror.example/security"}, []string{"bookworm-security"}, []string{"main", "contrib"}, ""},
			},
		},
		{"a disabled stanza is none", "Types: deb\nEnabled: no\nURIs: http://a\nSuites: s\nComponents: main\n", nil},
		{"a stanza of sources only is none", "Types: deb-src\nURIs: http://a\nSuites: s\nComponents: main\n", nil},
		{
			"field names in any case, no newline at the end",
			"types: deb deb-src\nuris: http://a\nSUITES: s\ncomponents: main",
			[]source{{[]string{"http://a"}, []string{"s"}, []string{"main"}, ""}},
		},
		{
			"a key within the file keeps its lines",
			"Types: deb\nURIs: http://a\nSuites: s\nComponents: main\nSigned-By:\n -----BEGIN\n .\n abc\n",
			[]source{{[]string{"http://a"}, []string{"s"}, []string{"main"}, "\n -----BEGIN\n .\n abc"}},
		},
		{"an empty file", "", nil},
		{"lines that continue nothing are passed over", " x\n\n", nil},
	} {
		t.Run(row.name, func(t *testing.T) {
			if diff := cmp.Diff(row.want, parseSources(row.text)); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func TestParseList(t *testing.T) {
	for _, row := range []struct {
		name, text string
		want       []source
	}{
		{"a plain entry", "deb http://a bookworm main contrib\n", []source{{[]string{"http://a"}, []string{"bookworm"}, []string{"main", "contrib"}, ""}}},
		{"options", "deb [arch=amd64 signed-by=/k.gpg] http://a bookworm main", []source{{[]string{"http://a"}, []string{"bookworm"}, []string{"main"}, "/k.gpg"}}},
		{"options without spaces around", "deb [signed-by=/k.gpg]http://a bookworm main", []source{{[]string{"http://a"}, []string{"bookworm"}, []string{"main"}, "/k.gpg"}}},
		{"comments and sources are passed over", "# deb http://a bookworm main\ndeb-src http://a bookworm main\n", nil},
		{"a broken entry is passed over", "deb http://a\n", nil},
	} {
		t.Run(row.name, func(t *testing.T) {
			if diff := cmp.Diff(row.want, parseList(row.text)); diff != "" {
				t.Error(diff)
			}
		})
	}
}
