package catalog_test

import (
	"bytes"
	"encoding/json"
	"maps"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/greenbox-lab/greenbox/labs/catalog"
	"github.com/santhosh-tekuri/jsonschema/v6"
	"sigs.k8s.io/yaml"
)

func schema(t *testing.T) *jsonschema.Schema {
	t.Helper()
	doc, err := jsonschema.UnmarshalJSON(bytes.NewReader(catalog.Schema()))
	if err != nil {
		t.Fatal(err)
	}
	c := jsonschema.NewCompiler()
	if err := c.AddResource("lab.schema.json", doc); err != nil {
		t.Fatal(err)
	}
	s, err := c.Compile("lab.schema.json")
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// obeys returns how a lab.yaml breaks the schema, or nil.
func obeys(t *testing.T, s *jsonschema.Schema, lab []byte) error {
	t.Helper()
	asJSON, err := yaml.YAMLToJSON(lab)
	if err != nil {
		t.Fatal(err)
	}
	doc, err := jsonschema.UnmarshalJSON(bytes.NewReader(asJSON))
	if err != nil {
		t.Fatal(err)
	}
	return s.Validate(doc)
}

func TestEveryLabObeysTheSchema(t *testing.T) {
	s := schema(t)
	found, err := filepath.Glob("*/lab.yaml")
	if err != nil || len(found) == 0 {
		t.Fatalf("%v, %d labs", err, len(found))
	}
	for _, name := range found {
		lab, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		if err := obeys(t, s, lab); err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// full uses every field of the format once at least.
const full = `id: demo
title: {en: Demo, zh-TW: 示範}
summary: {en: A demo., zh-TW: 一個示範。}
minutes: 5
vary: {team: [red, blue], port: {from: 30100, to: 30200}, size: [1, 2]}
setup: setup.sh
irrecoverable:
- {object: {kind: Node, name: node01, absent: true}, say: {en: Gone., zh-TW: 不見了。}}
- {file: {node: node01, path: /etc/x, absent: true}, say: {en: Gone., zh-TW: 不見了。}}
- {script: {node: node01, run: check.sh}, say: {en: Gone., zh-TW: 不見了。}}
steps:
- id: look
  title: {en: Look, zh-TW: 看}
  hints: [{en: "Look.", zh-TW: 看。}]
  checks:
  - {id: choice, answer: {kind: choice, choices: [{id: a, text: {en: A, zh-TW: 甲}}, {id: b, text: {en: B, zh-TW: 乙}}], equals: a}, failed: {en: No., zh-TW: 不對。}}
- id: do
  title: {en: Do, zh-TW: 做}
  start: setup.sh
  checks:
  - {id: away, points: 2, object: {kind: Pod, namespace: "{{team}}", name: web, absent: true, for: 10s}, failed: {en: No., zh-TW: 不對。}}
  - {id: scaled, object: {kind: Deployment.apps, selector: app=web, expr: object.spec.replicas > 1}, failed: {en: No., zh-TW: 不對。}}
  - {id: some, object: {kind: Pod, list: objects.size() > 1}, failed: {en: No., zh-TW: 不對。}}
  - {id: motd, file: {node: node01, path: /etc/motd, expr: text == 'hi'}, failed: {en: No., zh-TW: 不對。}}
  - {id: there, kubeconfig: {expr: context.namespace == 'dev'}, failed: {en: No., zh-TW: 不對。}}
  - {id: script, script: {node: node01, run: check.sh}, failed: {en: No., zh-TW: 不對。}}
  - {id: any, answer: {kind: text, equals: [10s, 10, {node: node01, expr: configz.staticPodPath}, {object: {kind: Pod, name: web}, expr: object.status.podIP}, {script: {node: node01, run: check.sh}}]}, failed: {en: No., zh-TW: 不對。}}
`

func loadYAML(lab string) error {
	files := demo()
	files["lab.yaml"] = lab
	_, err := load(files)
	return err
}

func TestTheSchemaAndTheLoaderKnowTheSameFields(t *testing.T) {
	if err := loadYAML(full); err != nil {
		t.Fatal(err)
	}
	if err := obeys(t, schema(t), []byte(full)); err != nil {
		t.Fatal(err)
	}
	known := regexp.MustCompile(`unknown field "zzz"; known here: ([a-zA-Z, -]+)`)
	for name, at := range map[string]string{ // in the schema, and where to put a field that nobody knows
		"": "id: demo\n", "text": "title: {", "irrecoverable": "- {object", "step": "- id: do\n  ",
		"check": "  - {id: away, ", "object": "object: {kind: Pod, namespace", "fileCheck": "file: {",
		"kubeconfig": "kubeconfig: {", "script": "script: {", "answer": "answer: {kind: choice, ",
		"computed": "equals: [10s, 10, {", "choice": "choices: [{", "range": "port: {",
	} {
		field := "zzz: 1, "
		if strings.HasSuffix(at, "\n") || strings.HasSuffix(at, "\n  ") {
			field = "zzz: 1\n" + at[strings.LastIndex(at, "\n")+1:]
		}
		cut := strings.LastIndexAny(at, "{\n ") + 1
		err := loadYAML(strings.Replace(full, at, at[:cut]+field+at[cut:], 1))
		if err == nil {
			t.Errorf("%s: a field that nobody knows is no problem", name)
			continue
		}
		found := known.FindStringSubmatch(err.Error())
		if found == nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		if got, want := strings.Join(fieldsOf(t, name), ", "), found[1]; got != want {
			t.Errorf("%s: the schema knows %s; the loader %s", name, got, want)
		}
	}
}

// fieldsOf are the properties of a definition of the schema, in order.
func fieldsOf(t *testing.T, name string) []string {
	t.Helper()
	type object struct {
		Properties map[string]json.RawMessage
		Items      *object
		OneOf      []object
	}
	var root struct {
		object
		Defs map[string]object `json:"$defs"`
	}
	if err := json.Unmarshal(catalog.Schema(), &root); err != nil {
		t.Fatal(err)
	}
	of := root.Defs[name]
	switch name {
	case "":
		of = root.object
	case "choice":
		var choices object
		if err := json.Unmarshal(root.Defs["answer"].Properties["choices"], &choices); err != nil {
			t.Fatal(err)
		}
		of = *choices.Items
	case "range":
		of = root.Defs["values"].OneOf[1]
	}
	return slices.Sorted(maps.Keys(of.Properties))
}

func TestTheSchemaAndTheLoaderRefuseTheSame(t *testing.T) {
	s := schema(t)
	for name, change := range map[string][2]string{
		"a missing field":                 {"minutes: 5\n", ""},
		"minutes that are none":           {"minutes: 5", "minutes: soon"},
		"minutes below one":               {"minutes: 5", "minutes: 0"},
		"a text in one language":          {"title: {en: Demo, zh-TW: 示範}", "title: {en: Demo}"},
		"an empty text":                   {"zh-TW: 示範", `zh-TW: ""`},
		"an id with capitals":             {"- id: do", "- id: Do"},
		"a step called recap":             {"- id: do", "- id: recap"},
		"a variable with one value":       {"[red, blue]", "[red]"},
		"a value with capitals":           {"[red, blue]", "[red, Blue]"},
		"a variable with a template word": {"vary: {team", "vary: {end: [a, b], team"},
		"two kinds":                       {"kubeconfig: {expr: context.namespace == 'dev'}", "kubeconfig: {expr: context.namespace == 'dev'}, script: {node: node01, run: check.sh}"},
		"no kind":                         {"script: {node: node01, run: check.sh}, failed", "failed"},
		"no message":                      {", failed: {en: No., zh-TW: 不對。}", ""},
		"an unknown node":                 {"node: node01, path: /etc/motd", "node: node02, path: /etc/motd"},
		"a relative path":                 {"path: /etc/motd", "path: etc/motd"},
		"name and selector":               {"selector: app=web", "selector: app=web, name: web"},
		"absent with a condition":         {"absent: true, for", "absent: true, expr: object.spec.x, for"},
		"expr and list":                   {"list: objects.size() > 1", "list: objects.size() > 1, expr: object.spec.x"},
		"a kind with a space":             {"kind: Deployment.apps", "kind: a Pod"},
		"a time without a unit":           {"for: 10s", `for: "10"`},
		"a choice without choices":        {"choices: [{id: a, text: {en: A, zh-TW: 甲}}, {id: b, text: {en: B, zh-TW: 乙}}], ", ""},
		"an empty answer":                 {"equals: a}", `equals: ""}`},
		"a computed answer of two kinds":  {"{node: node01, expr: configz.staticPodPath}", "{node: node01, script: {node: node01, run: check.sh}, expr: configz.staticPodPath}"},
		"a script with an expression":     {"{script: {node: node01, run: check.sh}}]", "{script: {node: node01, run: check.sh}, expr: x}]"},
		"an answer's object with a wish":  {"{object: {kind: Pod, name: web}, expr", "{object: {kind: Pod, name: web, absent: true}, expr"},
		"a kind of answer nobody knows":   {"kind: choice", "kind: nonsense"},
	} {
		t.Run(name, func(t *testing.T) {
			bad := strings.Replace(full, change[0], change[1], 1)
			if bad == full {
				t.Fatal("nothing was changed")
			}
			if loadYAML(bad) == nil {
				t.Error("the loader takes it")
			}
			if obeys(t, s, []byte(bad)) == nil {
				t.Error("the schema takes it")
			}
		})
	}
}
