package archive

import (
	"path"
	"strings"
	"unicode"
)

// maxName is the length of a file's name that every system takes.
const maxName = 200

// tidy makes one part of a path of a name: letters, digits, dashes and dots, none
// of these in front.
func tidy(name string) string {
	name = strings.Map(func(r rune) rune {
		if r < unicode.MaxASCII && (unicode.IsLetter(r) || unicode.IsDigit(r) || r == '-' || r == '.') {
			return r
		}
		return '_'
	}, name)
	name = name[:min(len(name), maxName)]
	if name == "" || name[0] == '.' {
		return "_" + name
	}
	return name
}

// within is the path that a node gives a file, wherever it would lead, as one that
// stays within the folder it is put into; "" where nothing is left.
func within(name string) string {
	return strings.ReplaceAll(printable(path.Clean("/" + name)[1:]), `\`, "_")
}

// printable has nothing in it that a terminal would obey.
func printable(text string) string {
	return strings.Map(func(r rune) rune {
		if !unicode.IsPrint(r) || r == unicode.ReplacementChar {
			return '_'
		}
		return r
	}, text)
}
