package engine

import (
	"fmt"
	"slices"
	"strings"
)

// source is one enabled entry of apt's configuration, in either of its formats.
type source struct {
	URIs       []string
	Suites     []string
	Components []string
	SignedBy   string // a path, or a key whose lines are kept as they stand
}

// parseSources reads a file in the deb822 format (*.sources).
func parseSources(text string) []source {
	var found []source
	for _, stanza := range stanzas(text) {
		types := strings.Fields(stanza["types"])
		if !slices.Contains(types, "deb") || strings.EqualFold(stanza["enabled"], "no") {
			continue
		}
		found = append(found, source{
			URIs:       strings.Fields(stanza["uris"]),
			Suites:     strings.Fields(stanza["suites"]),
			Components: strings.Fields(stanza["components"]),
			SignedBy:   stanza["signed-by"],
		})
	}
	return found
}

// stanzas splits deb822 text into its stanzas, field names in lower case.
func stanzas(text string) []map[string]string {
	var all []map[string]string
	current, field := map[string]string{}, ""
	for line := range strings.Lines(text + "\n\n") {
		line = strings.TrimRight(line, " \t\r\n")
		switch {
		case strings.HasPrefix(line, "#"):
		case line == "":
			if len(current) > 0 {
				all = append(all, current)
			}
			current, field = map[string]string{}, ""
		case line[0] == ' ' || line[0] == '\t':
			if field != "" {
				current[field] += "\n" + line
			}
		default:
			name, value, _ := strings.Cut(line, ":")
			field = strings.ToLower(name)
			current[field] = strings.TrimSpace(value)
		}
	}
	return all
}

// parseList reads a file in the format of one entry a line (*.list).
func parseList(text string) []source {
	var found []source
	for line := range strings.Lines(text) {
		line, _, _ = strings.Cut(line, "#")
		rest, ok := strings.CutPrefix(strings.TrimSpace(line), "deb ")
		if !ok {
			continue
		}
		options, rest := cutOptions(rest)
		words := strings.Fields(rest)
		if len(words) < 2 {
			continue
		}
		found = append(found, source{
			URIs: words[:1], Suites: words[1:2], Components: words[2:], SignedBy: options["signed-by"],
		})
	}
	return found
}

// cutOptions takes "[a=b c=d]" off the front of an entry.
func cutOptions(entry string) (map[string]string, string) {
	options := map[string]string{}
	entry = strings.TrimSpace(entry)
	inside, rest, ok := strings.Cut(entry, "]")
	if !ok || !strings.HasPrefix(inside, "[") {
		return options, entry
	}
	for _, option := range strings.Fields(inside[1:]) {
		key, value, _ := strings.Cut(option, "=")
		options[strings.ToLower(key)] = value
	}
	return options, rest
}

// offers reports whether a suite is configured already.
func offers(configured []source, suite string) bool {
	return slices.ContainsFunc(configured, func(s source) bool { return slices.Contains(s.Suites, suite) })
}

// mirrorOf finds the entry that a release's main packages come from.
func mirrorOf(configured []source, codename string) (source, bool) {
	i := slices.IndexFunc(configured, func(s source) bool {
		return len(s.URIs) > 0 && !strings.HasPrefix(s.URIs[0], "cdrom:") &&
			slices.Contains(s.Suites, codename) && slices.Contains(s.Components, "main")
	})
	if i < 0 {
		return source{}, false
	}
	return configured[i], true
}

// ofRelease are the entries of a release and of its updates.
func ofRelease(configured []source, codename string) []source {
	var found []source
	for _, s := range configured {
		s.Suites = slices.DeleteFunc(slices.Clone(s.Suites), func(suite string) bool {
			return suite != codename && !strings.HasPrefix(suite, codename+"-")
		})
		if len(s.Suites) > 0 && len(s.URIs) > 0 && !strings.HasPrefix(s.URIs[0], "cdrom:") {
			found = append(found, s)
		}
	}
	return found
}

// withSuite is the deb822 text of the same mirror's other suite.
func (s source) withSuite(suite string) string {
	return source{URIs: s.URIs[:1], Suites: []string{suite}, Components: []string{"main"}, SignedBy: s.SignedBy}.text()
}

// text is the entry in the deb822 format.
func (s source) text() string {
	text := fmt.Sprintf("Types: deb\nURIs: %s\nSuites: %s\nComponents: %s\n",
		strings.Join(s.URIs, " "), strings.Join(s.Suites, " "), strings.Join(s.Components, " "))
	if s.SignedBy != "" {
		text += "Signed-By: " + s.SignedBy + "\n"
	}
	return text
}
