package grade

import (
	"errors"
	"net/url"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/greenbox-lab/greenbox/labs"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/watch"
)

func TestHold(t *testing.T) {
	pod := unstructured.Unstructured{Object: map[string]any{
		"kind": "Pod", "metadata": map[string]any{"namespace": "default", "name": "web"},
	}}
	appear := func(t *testing.T, w *watched) { w.apply(t.Context(), watch.Added, pod) }
	vanish := func(t *testing.T, w *watched) { w.apply(t.Context(), watch.Deleted, pod) }
	breaks := func(_ *testing.T, w *watched) { w.interrupted(errors.New("connection refused")) }
	resume := func(t *testing.T, w *watched) { w.connected(t.Context()) }
	relist := func(t *testing.T, w *watched) { w.replace(t.Context(), nil); w.connected(t.Context()) }

	type then struct {
		after time.Duration // since the one before
		what  func(*testing.T, *watched)
	}
	tests := map[string]struct {
		before   []then // the attempt
		during   []then
		patience time.Duration
		verdict  labs.Verdict
		took     time.Duration
		says     string
	}{
		"absent for long enough answers at once":         {before: []then{{0, vanish}, {11 * time.Second, nil}}, verdict: labs.Passed},
		"absent for a while waits for the rest":          {before: []then{{0, vanish}, {4 * time.Second, nil}}, verdict: labs.Passed, took: 6 * time.Second},
		"there fails at once":                            {before: []then{{0, appear}}, verdict: labs.Failed, says: "Pod default/web exists"},
		"there, with patience, fails when that is over":  {before: []then{{0, appear}}, patience: 5 * time.Second, verdict: labs.Failed, took: 5 * time.Second, says: "exists"},
		"going, with patience, passes in time":           {before: []then{{0, appear}}, during: []then{{2 * time.Second, vanish}}, patience: 5 * time.Second, verdict: labs.Passed, took: 12 * time.Second},
		"coming back during the wait fails then":         {before: []then{{0, vanish}}, during: []then{{3 * time.Second, appear}}, verdict: labs.Failed, took: 3 * time.Second, says: "exists"},
		"back and gone between two attempts starts over": {before: []then{{0, vanish}, {20 * time.Second, appear}, {0, vanish}, {time.Second, nil}}, verdict: labs.Passed, took: 9 * time.Second},
		"a change that keeps it absent changes nothing":  {before: []then{{0, vanish}, {8 * time.Second, vanish}, {3 * time.Second, nil}}, verdict: labs.Passed},
		"a break that is resumed changes nothing":        {before: []then{{0, vanish}, {8 * time.Second, breaks}, {time.Second, resume}, {time.Second, nil}}, verdict: labs.Passed},
		"a break with a new list starts over":            {before: []then{{0, vanish}, {8 * time.Second, breaks}, {time.Second, relist}, {time.Second, nil}}, verdict: labs.Passed, took: 9 * time.Second},
		"a break that lasts errors":                      {before: []then{{0, vanish}, {20 * time.Second, breaks}}, verdict: labs.Errored, took: liveWithin, says: "connection refused"},
		"a break that ends in time passes":               {before: []then{{0, vanish}, {20 * time.Second, breaks}}, during: []then{{2 * time.Second, resume}}, verdict: labs.Passed, took: 2 * time.Second},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				w, err := newWatched(labs.ObjectCheck{Kind: "Pod", Name: "web", Absent: true, For: 10 * time.Second}, func() {})
				if err != nil {
					t.Fatal(err)
				}
				play := func(events []then) {
					for _, e := range events {
						time.Sleep(e.after)
						if e.what != nil {
							e.what(t, w)
						}
					}
				}
				relist(t, w)
				play(tt.before)
				go play(tt.during)
				start := time.Now()
				got := w.hold(t.Context(), tt.patience)
				if took := time.Since(start); got.verdict != tt.verdict || took != tt.took {
					t.Errorf("got %s after %v; want %s after %v", got.verdict, took, tt.verdict, tt.took)
				}
				if !strings.Contains(got.seen[labs.English], tt.says) {
					t.Errorf("seen %q; want %q in it", got.seen[labs.English], tt.says)
				}
			})
		})
	}
}

func TestHoldOfAConditionWithAnExpression(t *testing.T) {
	pod := func(phase string) unstructured.Unstructured {
		return unstructured.Unstructured{Object: map[string]any{
			"kind": "Pod", "metadata": map[string]any{"name": "web"}, "status": map[string]any{"phase": phase},
		}}
	}
	synctest.Test(t, func(t *testing.T) {
		w, err := newWatched(labs.ObjectCheck{Kind: "Pod", Name: "web", Expr: "object.status.phase == 'Running'", For: 5 * time.Second}, func() {})
		if err != nil {
			t.Fatal(err)
		}
		w.replace(t.Context(), []unstructured.Unstructured{pod("Pending")})
		w.connected(t.Context())
		if got := w.hold(t.Context(), 0); got.verdict != labs.Failed {
			t.Errorf("Pending: got %s", got.verdict)
		}
		w.apply(t.Context(), watch.Modified, pod("Running"))
		start := time.Now()
		if got := w.hold(t.Context(), 0); got.verdict != labs.Passed || time.Since(start) != 5*time.Second {
			t.Errorf("Running: got %s after %v", got.verdict, time.Since(start))
		}
	})
}

func TestEveryMessageIsInEveryLanguage(t *testing.T) {
	check := labs.ObjectCheck{Kind: "Pod", Selector: "app=web"}
	many := make([]unstructured.Unstructured, 5)
	for i := range many {
		many[i].SetName(string(rune('a' + i)))
	}
	for name, text := range map[string]labs.Text{
		"unasked": unasked(&url.Error{Op: "Get", URL: "https://x", Err: errors.New("x")}), "no kind": seenNoKind(check), "no file": seenNoFile("node01"),
		"file": seenFile("node01", 1), "file otherwise": seenFileOtherwise("node01", 1), "no kubeconfig": seenNoKubeconfig(),
		"bad kubeconfig": seenBadKubeconfig(errors.New("x")), "no context": seenNoContext("x"), "context": seenContext(nil),
		"answer": seenAnswer("x"), "exit": seenExit("node01", 1, ""), "output": seenExit("node01", 1, "x"),
		"no objects": seenObjects(check, nil), "objects": seenObjects(check, many[:1]), "many objects": seenObjects(check, many),
		"seconds": ago(time.Second), "minutes": ago(3 * time.Minute), "hours": ago(50 * time.Hour), "the future": ago(-time.Hour),
	} {
		for _, lang := range labs.Langs() {
			if text[lang] == "" || strings.Contains(text[lang], "%!") {
				t.Errorf("%s in %s is %q", name, lang, text[lang])
			}
		}
	}
	if got := seenObjects(check, many)[labs.English]; !strings.HasSuffix(got, "; and 2 more.") {
		t.Errorf("many objects are %q; want the rest counted", got)
	}
}
