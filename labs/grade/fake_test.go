package grade_test

import (
	"context"
	"encoding/json"
	"fmt"
	"io/fs"
	"maps"
	"net/http"
	"net/http/httptest"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"

	"github.com/greenbox-lab/greenbox/labs"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/client-go/rest"
)

// fakeAPI is a fake of the Kubernetes API server over real HTTP: discovery, the
// lists and watches of Pods and Deployments, and one kubelet's configz.
type fakeAPI struct {
	*httptest.Server

	mu      sync.Mutex
	version int
	objects map[string]object // by resource/namespace/name
	history []event
	streams map[chan struct{}]bool // closed to end each watch
	oldest  int                    // versions below are expired
	configz func(attempt int) (int, string)
	asked   int // for configz
	changed chan struct{}
}

type object map[string]any

type event struct {
	version int
	Type    string `json:"type"`
	Object  object `json:"object"`
}

func newFakeAPI(t testing.TB) *fakeAPI {
	f := &fakeAPI{version: 1, objects: map[string]object{}, streams: map[chan struct{}]bool{}, changed: make(chan struct{})}
	mux := http.NewServeMux()
	mux.HandleFunc("GET /api", answer(metav1.APIVersions{Versions: []string{"v1"}}))
	apps := metav1.GroupVersionForDiscovery{GroupVersion: "apps/v1", Version: "v1"}
	mux.HandleFunc("GET /apis", answer(metav1.APIGroupList{Groups: []metav1.APIGroup{
		{Name: "apps", Versions: []metav1.GroupVersionForDiscovery{apps}, PreferredVersion: apps},
	}}))
	mux.HandleFunc("GET /api/v1", answer(resources("v1", "pods", "Pod")))
	mux.HandleFunc("GET /apis/apps/v1", answer(resources("apps/v1", "deployments", "Deployment")))
	mux.HandleFunc("GET /api/v1/namespaces/{namespace}/{resource}", f.serve)
	mux.HandleFunc("GET /apis/apps/v1/namespaces/{namespace}/{resource}", f.serve)
	mux.HandleFunc("GET /api/v1/nodes/node01/proxy/configz", f.serveConfigz)
	f.Server = httptest.NewServer(mux)
	t.Cleanup(f.stop)
	return f
}

func answer(body any) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "application/json")
		_ = json.NewEncoder(w).Encode(body)
	}
}

func resources(groupVersion, plural, kind string) metav1.APIResourceList {
	return metav1.APIResourceList{GroupVersion: groupVersion, APIResources: []metav1.APIResource{
		{Name: plural, SingularName: strings.ToLower(kind), Kind: kind, Namespaced: true, Verbs: metav1.Verbs{"list", "watch"}},
	}}
}

func (f *fakeAPI) serve(w http.ResponseWriter, r *http.Request) {
	if r.URL.Query().Get("watch") != "" {
		f.serveWatch(w, r)
		return
	}
	f.mu.Lock()
	items := []object{}
	for _, o := range f.objects {
		if wanted(r, o) {
			items = append(items, o)
		}
	}
	version := f.version
	f.mu.Unlock()
	answer(object{"kind": "List", "apiVersion": "v1", "metadata": object{"resourceVersion": strconv.Itoa(version)}, "items": items})(w, r)
}

func (f *fakeAPI) serveWatch(w http.ResponseWriter, r *http.Request) {
	from, _ := strconv.Atoi(r.URL.Query().Get("resourceVersion"))
	end := make(chan struct{})
	f.mu.Lock()
	expired := from < f.oldest
	f.streams[end] = true
	f.mu.Unlock()
	out := json.NewEncoder(w)
	w.Header().Set("Content-Type", "application/json")
	if expired {
		_ = out.Encode(event{Type: "ERROR", Object: object{
			"kind": "Status", "apiVersion": "v1", "status": "Failure", "reason": "Expired", "code": http.StatusGone,
		}})
		return
	}
	for {
		f.mu.Lock()
		news, changed := f.since(from), f.changed
		f.mu.Unlock()
		for _, e := range news {
			from = e.version
			if wanted(r, e.Object) {
				_ = out.Encode(e)
			}
		}
		_ = http.NewResponseController(w).Flush()
		select {
		case <-changed:
		case <-end:
			return
		case <-r.Context().Done():
			return
		}
	}
}

func (f *fakeAPI) since(version int) []event {
	for i, e := range f.history {
		if e.version > version {
			return f.history[i:]
		}
	}
	return nil
}

// wanted reports whether a request is about an object. Of label selectors it
// knows only a single a=b.
func wanted(r *http.Request, o object) bool {
	meta := o["metadata"].(object)
	if meta["namespace"] != r.PathValue("namespace") || strings.ToLower(o["kind"].(string))+"s" != r.PathValue("resource") {
		return false
	}
	if name, ok := strings.CutPrefix(r.URL.Query().Get("fieldSelector"), "metadata.name="); ok && name != meta["name"] {
		return false
	}
	label, value, ok := strings.Cut(r.URL.Query().Get("labelSelector"), "=")
	return !ok || meta["labels"] != nil && meta["labels"].(object)[label] == value
}

func (f *fakeAPI) serveConfigz(w http.ResponseWriter, _ *http.Request) {
	f.mu.Lock()
	f.asked++
	code, body := f.configz(f.asked)
	f.mu.Unlock()
	w.WriteHeader(code)
	_, _ = fmt.Fprint(w, body)
}

// put makes an object be there, in a new version; remove makes it be gone.
func (f *fakeAPI) put(o object)    { f.change("MODIFIED", o) }
func (f *fakeAPI) remove(o object) { f.change("DELETED", o) }

func (f *fakeAPI) change(kind string, o object) {
	f.mu.Lock()
	defer f.mu.Unlock()
	meta := o["metadata"].(object)
	key := fmt.Sprint(o["kind"], meta["namespace"], meta["name"])
	if _, exists := f.objects[key]; kind == "MODIFIED" && !exists {
		kind = "ADDED"
	}
	f.version++
	stamped := object{"resourceVersion": strconv.Itoa(f.version)}
	for k, v := range meta {
		stamped[k] = v
	}
	next := object{}
	for k, v := range o {
		next[k] = v
	}
	next["metadata"] = stamped
	f.objects[key] = next
	if kind == "DELETED" {
		delete(f.objects, key)
	}
	f.history = append(f.history, event{version: f.version, Type: kind, Object: next})
	close(f.changed)
	f.changed = make(chan struct{})
}

// cut ends every watch; with expire the versions so far cannot be resumed from.
func (f *fakeAPI) cut(expire bool) {
	f.mu.Lock()
	defer f.mu.Unlock()
	for end := range f.streams {
		close(end)
	}
	f.streams = map[chan struct{}]bool{}
	if expire {
		f.version++
		f.oldest = f.version
	}
}

func (f *fakeAPI) stop() {
	f.cut(false)
	f.CloseClientConnections()
	f.Close()
}

// fakeTarget is a fake of one session's cluster around a fakeAPI.
type fakeTarget struct {
	api    *fakeAPI
	odd    map[string]bool // what is no regular file, by node:path
	exit   int
	output string
	broken error
	gone   string // the one kubelet's configuration that is not there, by node:path

	mu      sync.Mutex
	files   map[string]string // by node:path; guarded by mu
	read    int               // calls of ReadFile; guarded by mu
	ran     int               // calls of Run; guarded by mu
	watched map[string]func() // what is watched, by node:path; guarded by mu
}

func (f *fakeTarget) Config(context.Context) (*rest.Config, error) {
	if f.broken != nil {
		return nil, f.broken
	}
	return &rest.Config{Host: f.api.URL, QPS: -1}, nil
}

func (f *fakeTarget) ReadFile(_ context.Context, node, path string) ([]byte, error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if strings.HasSuffix(path, "/kubelet/config.yaml") && node+":"+path != f.gone {
		return []byte("x"), nil
	}
	f.read++
	if f.odd[node+":"+path] {
		return nil, fmt.Errorf("open %s: %w", path, fs.ErrInvalid)
	}
	content, ok := f.files[node+":"+path]
	if !ok {
		return nil, fmt.Errorf("open %s: %w", path, fs.ErrNotExist)
	}
	return []byte(content), nil
}

func (f *fakeTarget) Run(context.Context, string, string) (int, string, error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.ran++
	return f.exit, f.output, f.broken
}

func (f *fakeTarget) WatchFiles(ctx context.Context, node string, paths []string, changed func()) error {
	f.mu.Lock()
	for _, path := range paths {
		if f.watched == nil {
			f.watched = map[string]func(){}
		}
		f.watched[node+":"+path] = changed
	}
	f.mu.Unlock()
	changed()
	<-ctx.Done()
	f.mu.Lock()
	defer f.mu.Unlock()
	for _, path := range paths {
		delete(f.watched, node+":"+path)
	}
	return ctx.Err()
}

// write makes a file hold content, and tells whoever watches it.
func (f *fakeTarget) write(name, content string) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.files[name] = content
	if changed := f.watched[name]; changed != nil {
		changed()
	}
}

// paths returns what is watched, in order.
func (f *fakeTarget) paths() []string {
	f.mu.Lock()
	defer f.mu.Unlock()
	return slices.Sorted(maps.Keys(f.watched))
}

func (f *fakeTarget) runs() int {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.ran
}

func (f *fakeTarget) exits(code int) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.exit = code
}

// diary notes what is saved and published, in order.
type diary struct {
	mu       sync.Mutex
	entries  []string
	attempts []labs.Attempt // published
	refuse   error
}

func (d *diary) note(entry string) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.entries = append(d.entries, entry)
}

func (d *diary) SaveAttempt(_ context.Context, a labs.Attempt) error {
	d.note("saved " + a.ID)
	d.mu.Lock()
	defer d.mu.Unlock()
	return d.refuse
}

func (d *diary) Verdicts(_ context.Context, _ string, steps []labs.Step) ([]labs.StepVerdict, error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	verdicts := make([]labs.StepVerdict, len(steps))
	for i, step := range steps {
		verdicts[i].StepID = step.ID
		for _, a := range d.attempts {
			if a.StepID == step.ID && (verdicts[i].Verdict == nil || *verdicts[i].Verdict != labs.Passed) {
				verdicts[i].Verdict = &a.Verdict
			}
		}
	}
	return verdicts, nil
}

func (d *diary) publish(e labs.Event) {
	a := e.(labs.StepAttempted).Attempt
	d.note("published " + a.ID)
	d.mu.Lock()
	defer d.mu.Unlock()
	d.attempts = append(d.attempts, a)
}

// accept ends the refusal.
func (d *diary) accept() {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.refuse = nil
}

// forget forgets the attempts, as a reset does.
func (d *diary) forget() {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.attempts = nil
}

// published returns the attempts so far.
func (d *diary) published() []labs.Attempt {
	d.mu.Lock()
	defer d.mu.Unlock()
	return slices.Clone(d.attempts)
}
