// Package words holds the texts of the interface in every language of
// Greenbox: one JSON file a language, embedded, read once. It knows the
// languages of package labs and nothing of the pages that use the texts.
//
// Texts whose id begins with "js." are needed by the page's script too, which
// gets them unfilled through Script.
package words

import (
	"embed"
	"fmt"
	"strings"
	"sync"

	"github.com/greenbox-lab/greenbox/labs"
	"github.com/nicksnyder/go-i18n/v2/i18n"
	"golang.org/x/text/language"
)

//go:embed active.*.json
var files embed.FS

// Data are the values named in a text. Count also chooses the plural form.
type Data map[string]any

// T is the text with that id in lang, or in English where lang has none. An id
// that does not exist is returned as it is.
func T(lang labs.Lang, id string, data ...Data) string {
	config := i18n.LocalizeConfig{MessageID: id}
	if len(data) > 0 {
		config.TemplateData = data[0]
		config.PluralCount = data[0]["Count"]
	}
	text, err := i18n.NewLocalizer(texts().bundle, string(lang), string(labs.English)).Localize(&config)
	if err != nil {
		return id
	}
	return text
}

// Script is every text for the page's script, by its id without the "js.". The
// script fills in {{.Name}} itself.
func Script(lang labs.Lang) map[string]string {
	return texts().script[lang]
}

type loaded struct {
	bundle *i18n.Bundle
	script map[labs.Lang]map[string]string
}

var texts = sync.OnceValue(load)

// load panics when an embedded file does not parse, which a test excludes.
func load() loaded {
	all := loaded{bundle: i18n.NewBundle(language.English), script: map[labs.Lang]map[string]string{}}
	for _, lang := range labs.Langs() {
		file, err := all.bundle.LoadMessageFileFS(files, fmt.Sprintf("active.%s.json", lang))
		if err != nil {
			panic(fmt.Errorf("read the texts in %s: %w", lang, err))
		}
		all.script[lang] = map[string]string{}
		for _, message := range file.Messages {
			if id, ok := strings.CutPrefix(message.ID, "js."); ok {
				all.script[lang][id] = message.Other
			}
		}
	}
	return all
}
