package web

import (
	"encoding/json"
	"log/slog"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/labstack/echo/v4"
	"github.com/prometheus/client_golang/prometheus"
)

func TestTheDescriptionNamesTheRoutesAndNoOthers(t *testing.T) {
	var doc struct {
		Paths map[string]map[string]json.RawMessage
	}
	if err := json.Unmarshal(openAPI, &doc); err != nil {
		t.Fatal(err)
	}
	var described, routed []string
	for path, methods := range doc.Paths {
		for method := range methods {
			if method != "parameters" {
				described = append(described, strings.ToUpper(method)+" "+path)
			}
		}
	}
	s := &Server{Config: Config{Registry: prometheus.NewRegistry(), Log: slog.Default()}, echo: echo.New()}
	s.routes()
	for _, r := range s.echo.Routes() {
		if strings.HasPrefix(r.Path, "/api/") && r.Method != echo.RouteNotFound {
			routed = append(routed, r.Method+" "+braced(r.Path))
		}
	}
	slices.Sort(described)
	slices.Sort(routed)
	if diff := cmp.Diff(routed, described); diff != "" {
		t.Error("(-routed +described):\n" + diff)
	}
}

// braced writes /a/:b as /a/{b}.
func braced(path string) string {
	parts := strings.Split(path, "/")
	for i, part := range parts {
		if name, ok := strings.CutPrefix(part, ":"); ok {
			parts[i] = "{" + name + "}"
		}
	}
	return strings.Join(parts, "/")
}

func TestTheDescriptionNamesEveryCode(t *testing.T) {
	var doc struct {
		Components struct {
			Schemas struct {
				Problem struct {
					Properties struct {
						Code struct{ Enum []code }
					}
				}
			}
		}
	}
	if err := json.Unmarshal(openAPI, &doc); err != nil {
		t.Fatal(err)
	}
	var known []code
	for c := range problems {
		known = append(known, c)
	}
	slices.Sort(known)
	if diff := cmp.Diff(known, doc.Components.Schemas.Problem.Properties.Code.Enum); diff != "" {
		t.Error("(-known +described):\n" + diff)
	}
}

func TestEveryReferenceOfTheDescriptionLeadsSomewhere(t *testing.T) {
	var doc any
	if err := json.Unmarshal(openAPI, &doc); err != nil {
		t.Fatal(err)
	}
	for part := range strings.SplitSeq(string(openAPI), `"$ref": "#/`) {
		ref, _, found := strings.Cut(part, `"`)
		if !found || strings.HasPrefix(part, "{") {
			continue
		}
		at := doc
		for key := range strings.SplitSeq(ref, "/") {
			at, _ = at.(map[string]any)[key]
		}
		if at == nil {
			t.Errorf("there is no %s", ref)
		}
	}
}

func TestEveryProblemIsInEveryLanguage(t *testing.T) {
	for c, w := range problems {
		if w.status < 400 || w.title["en"] == "" || w.title["zh-TW"] == "" || w.detail["en"] == "" || w.detail["zh-TW"] == "" {
			t.Errorf("%s: %+v", c, w)
		}
	}
}
