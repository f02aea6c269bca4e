package web

import (
	"bytes"
	"context"
	"errors"
	"io"
	"io/fs"
	"log/slog"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"testing/fstest"
	"time"

	"github.com/greenbox-lab/greenbox/labs"
	"github.com/greenbox-lab/greenbox/labs/feed"
	"github.com/greenbox-lab/greenbox/labs/grade"
	"github.com/greenbox-lab/greenbox/labs/progress"
	"github.com/prometheus/client_golang/prometheus"
	"k8s.io/client-go/rest"
)

// world is a whole server on a real port, over a real database. Only the
// sandboxes are not real.
type world struct {
	t     *testing.T
	host  string // as a browser names it
	url   string
	db    *progress.DB
	feed  *feed.Feed
	fleet *fakeFleet
	log   *syncBuffer
	stop  func() // as SIGTERM does; waits until Serve is done
}

func newWorld(t *testing.T, change func(*Config)) *world {
	t.Helper()
	db, err := progress.Open(t.Context(), filepath.Join(t.TempDir(), "greenbox.db"))
	if err != nil {
		t.Fatal(err)
	}
	ln, err := new(net.ListenConfig).Listen(t.Context(), "tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	w := &world{t: t, host: ln.Addr().String(), url: "http://" + ln.Addr().String(), db: db, feed: feed.New(), log: &syncBuffer{}}
	w.fleet = &fakeFleet{db: db, publish: w.feed.Publish, archives: t.TempDir()}
	grader := grade.New(db, w.feed.Publish)
	cfg := Config{Fleet: w.fleet, Archives: w.fleet, Catalog: shelf(testLabs()), Grader: grader, Progress: db, Feed: w.feed,
		Static: fstest.MapFS{"app.js": {Data: []byte("let a")}, "app.css": {Data: []byte("a{}")}},
		Port:   ln.Addr().(*net.TCPAddr).Port, Registry: prometheus.NewRegistry(),
		Log: slog.New(slog.NewTextHandler(w.log, &slog.HandlerOptions{Level: slog.LevelDebug}))}
	if change != nil {
		change(&cfg)
	}
	srv, err := New(t.Context(), cfg)
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	served := make(chan error, 1)
	go func() { served <- srv.Serve(ctx, ln) }()
	w.stop = sync.OnceFunc(func() {
		cancel()
		grader.Close()
		if err := errors.Join(<-served, db.Close()); err != nil {
			t.Error(err)
		}
	})
	t.Cleanup(w.stop)
	return w
}

// logIn makes a learner and returns it with its token.
func (w *world) logIn(name string) (labs.Learner, string) {
	w.t.Helper()
	l, token, err := w.db.LogIn(w.t.Context(), name)
	if err != nil {
		w.t.Fatal(err)
	}
	return l, token
}

// session puts a session into the database.
func (w *world) session(id, learner, lab string, state labs.State) {
	w.t.Helper()
	s := labs.Session{ID: id, LearnerID: learner, LabID: lab, State: state, Cluster: "greenbox-" + id, CreatedAt: time.Now()}
	switch state {
	case labs.Queued:
		s.Place = 3
	case labs.Preparing:
		s.Stage = labs.StageJoin
	case labs.Broken:
		s.Error = "node01 did not join."
	case labs.Ready, labs.Paused, labs.Ended:
	}
	if err := w.db.SaveSession(w.t.Context(), s); err != nil {
		w.t.Fatal(err)
	}
}

// call sends a request and returns the answer with its body read.
func (w *world) call(method, path, body string, headers ...string) (*http.Response, string) {
	w.t.Helper()
	req, err := http.NewRequestWithContext(w.t.Context(), method, w.url+path, strings.NewReader(body))
	if err != nil {
		w.t.Fatal(err)
	}
	for _, h := range headers {
		name, value, _ := strings.Cut(h, ": ")
		req.Header.Set(name, value)
		if name == "Host" {
			req.Host = value
		}
	}
	client := http.Client{CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
	res, err := client.Do(req)
	if err != nil {
		w.t.Fatal(err)
	}
	data, err := io.ReadAll(res.Body)
	if err := errors.Join(err, res.Body.Close()); err != nil {
		w.t.Fatal(err)
	}
	return res, string(data)
}

func text(en, zh string) labs.Text {
	return labs.Text{labs.English: en, labs.TraditionalChinese: zh}
}

func testLabs() []labs.Lab {
	return []labs.Lab{
		{ID: "static", Title: text("Static pods", "靜態 Pod"), Summary: text("Find it.", "找到它。"), Minutes: 15,
			Text: text("A **bold** start <script>alert(1)</script>", "一個**粗體**的開始"), Setup: "secret-setup",
			Recap: text("You **saw** it.", "你**看到**了。"), Vary: []labs.Variable{{Name: "team", Values: []string{"amber", "birch"}}},
			Steps: []labs.Step{
				{ID: "where", Title: text("Where?", "在哪裡？"), Text: text("```bash\nkubectl get pods\n```", "`kubectl`"),
					Hints: []labs.Text{text("secret-hint: *look*", "秘密提示"), text("secret-hint of {{team}}", "再一個")}, Solution: "secret-solution\n", Checks: []labs.Check{{
						ID: "node", Points: 1, Failed: text("Not that `node`.", "不是這個節點。"),
						Answer: &labs.AnswerCheck{Kind: labs.AnswerChoice, Equals: []labs.Expected{{Value: "b"}}, Choices: []labs.Choice{
							{ID: "a", Text: text("controlplane", "控制平面")}, {ID: "b", Text: text("node01", "工作節點")}}}}}},
				{ID: "delete", Title: text("Delete it", "刪除它"), Text: text("Away with it.", "刪掉。"), Checks: []labs.Check{{
					ID: "gone", Points: 2, Failed: text("It is still there.", "它還在。"),
					Script: &labs.ScriptCheck{Node: labs.Worker, Script: "test ! -e /manifest"}}}},
			}},
		{ID: "second", Title: text("Second", "第二"), Summary: text("", ""), Text: text("", "")},
		{ID: "third", Title: text("Third", "第三"), Summary: text("", ""), Text: text("", "")},
	}
}

// shelf is a catalog of given labs, in two tracks.
type shelf []labs.Lab

func (s shelf) Labs() []labs.Lab { return s }

func (s shelf) Lab(id string) (labs.Lab, error) {
	i := slices.IndexFunc(s, func(l labs.Lab) bool { return l.ID == id })
	if i < 0 {
		return labs.Lab{}, labs.ErrNotFound
	}
	return s[i], nil
}

func (s shelf) Tracks() []labs.Track {
	return []labs.Track{
		{ID: "pods", Title: text("Pods <b>", "Pod 路線"), Summary: text("All of them.", "全部。"), Labs: []string{"third", "static"}},
		{ID: "other", Title: text("More", "其他"), Summary: text("The rest.", "其餘。"), Labs: []string{"second"}},
	}
}

func (s shelf) Problems() []error {
	return []error{errors.New("mine/lab.yaml:3: unknown field <x>; remove it")}
}

// fakeFleet keeps sessions in the database and has no clusters.
type fakeFleet struct {
	db       *progress.DB
	publish  func(labs.Event)
	terminal Terminal
	exitCode int   // of every script
	busy     error // of a restore
	restored string
	archives string // the folder of the archives' files; one that is empty is being saved
	panics   bool
	holds    atomic.Int32
}

func (f *fakeFleet) Start(ctx context.Context, learner labs.Learner, lab labs.Lab) (labs.Session, bool, error) {
	all, err := f.db.SessionsOf(ctx, learner.ID)
	if err != nil {
		return labs.Session{}, false, err
	}
	var open []string
	for _, s := range all {
		if s.Open() && s.LabID == lab.ID {
			return s, false, nil
		}
		if s.Open() {
			open = append(open, s.ID)
		}
	}
	if len(open) >= 2 {
		return labs.Session{}, false, &labs.SessionLimitError{Limit: 2, Open: open}
	}
	s := labs.Session{ID: learner.ID + "-" + lab.ID, LearnerID: learner.ID, LabID: lab.ID, State: labs.Queued, Place: 1, CreatedAt: time.Now()}
	return s, true, f.save(ctx, s)
}

func (f *fakeFleet) save(ctx context.Context, s labs.Session) error {
	if err := f.db.SaveSession(ctx, s); err != nil {
		return err
	}
	f.publish(labs.SessionChanged{Now: s})
	return nil
}

func (f *fakeFleet) Session(ctx context.Context, id string) (labs.Session, error) {
	if f.panics {
		panic("no fleet today")
	}
	s, err := f.db.Session(ctx, id)
	if s.State == labs.Queued {
		s.Wait = labs.WaitMemory
	}
	return s, err
}

func (f *fakeFleet) Touch(ctx context.Context, id string) error {
	_, err := f.Sandbox(ctx, id)
	if errors.Is(err, labs.ErrNotReady) {
		return nil
	}
	return err
}

func (f *fakeFleet) Extend(ctx context.Context, id string) error {
	s, err := f.db.Session(ctx, id)
	if err != nil {
		return err
	}
	if !s.Open() {
		return labs.ErrEnded
	}
	if s.ExpiresAt.Sub(s.CreatedAt) >= 12*time.Hour {
		return labs.ErrLongest
	}
	s.ExpiresAt = s.ExpiresAt.Add(time.Hour)
	return f.save(ctx, s)
}

func (f *fakeFleet) Reset(ctx context.Context, id string) error {
	s, err := f.db.Session(ctx, id)
	if err != nil {
		return err
	}
	if !s.Open() {
		return labs.ErrEnded
	}
	s.State, s.Stage, s.ResetAt = labs.Preparing, labs.StageNetwork, time.Now()
	return f.save(ctx, s)
}

func (f *fakeFleet) End(ctx context.Context, id string) error {
	s, err := f.db.Session(ctx, id)
	if err != nil {
		return err
	}
	s.State = labs.Ended
	return f.save(ctx, s)
}

func (f *fakeFleet) Sandbox(ctx context.Context, id string) (Sandbox, error) {
	s, err := f.db.Session(ctx, id)
	if err != nil {
		return nil, err
	}
	switch s.State {
	case labs.Queued, labs.Preparing:
		return nil, labs.ErrNotReady
	case labs.Ended, labs.Broken:
		return nil, labs.ErrEnded
	case labs.Paused:
		s.State = labs.Ready
		return fakeSandbox{f}, f.save(ctx, s)
	case labs.Ready:
	}
	return fakeSandbox{f}, nil
}

func (f *fakeFleet) Archive(id string) labs.Archive {
	info, err := os.Stat(filepath.Join(f.archives, id))
	switch {
	case err != nil:
		return labs.Archive{}
	case info.Size() == 0:
		return labs.Archive{State: labs.ArchiveSaving}
	}
	return labs.Archive{State: labs.ArchiveSaved, Size: info.Size()}
}

func (f *fakeFleet) OpenArchive(id string) (*os.File, error) {
	if f.Archive(id).State != labs.ArchiveSaved {
		return nil, labs.ErrNotFound
	}
	return os.Open(filepath.Join(f.archives, id))
}

type fakeSandbox struct{ fleet *fakeFleet }

func (f fakeSandbox) Config(context.Context) (*rest.Config, error) {
	return nil, errors.New("there is no cluster here")
}

func (f fakeSandbox) ReadFile(_ context.Context, _, path string) ([]byte, error) {
	if path == "/var/lib/kubelet/config.yaml" {
		return []byte("x"), nil
	}
	return nil, fs.ErrNotExist
}

func (f fakeSandbox) Run(context.Context, string, string) (int, string, error) {
	return f.fleet.exitCode, "", nil
}

func (f fakeSandbox) Hold() (release func()) {
	f.fleet.holds.Add(1)
	return func() { f.fleet.holds.Add(-1) }
}

func (f fakeSandbox) Restore(_ context.Context, stepID string) error {
	f.fleet.restored = stepID
	return f.fleet.busy
}

func (f *fakeFleet) Shell(ctx context.Context, id, _ string) (Terminal, error) {
	if s, err := f.db.Session(ctx, id); err == nil && s.Stage == labs.StageSetup {
		return f.terminal, nil
	}
	_, err := f.Sandbox(ctx, id)
	return f.terminal, err
}

// syncBuffer is a log that may be read while it is written.
type syncBuffer struct {
	mu  sync.Mutex
	buf bytes.Buffer // guarded by mu
}

func (b *syncBuffer) Write(p []byte) (int, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.buf.Write(p)
}

func (b *syncBuffer) String() string {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.buf.String()
}
