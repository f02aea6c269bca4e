package web

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/gorilla/websocket"
	"github.com/greenbox-lab/greenbox/labs"
	"github.com/greenbox-lab/greenbox/sandbox/terminal"
)

// echoTerminal gives back what is typed; "exit" ends it and "break" breaks it.
type echoTerminal struct{}

func (echoTerminal) Attach(ctx context.Context, v terminal.Viewer, size terminal.Size, at *terminal.Place) (err error) {
	inputs, left := make(chan terminal.Input), make(chan struct{})
	defer func() { <-left }()
	defer func() { v.Close(err) }()
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	go func() {
		for {
			in, err := v.Receive()
			if err != nil {
				close(left)
				close(inputs)
				return
			}
			select {
			case inputs <- in:
			case <-ctx.Done():
			}
		}
	}()
	if at != nil {
		at.Input = 7
		if err := v.Notify(terminal.Notice{Kind: terminal.Placed, Place: *at}); err != nil {
			return err
		}
	}
	if err := errors.Join(v.Output(fmt.Appendf(nil, "%dx%d", size.Cols, size.Rows)), v.Notify(terminal.Notice{Kind: terminal.Ready})); err != nil {
		return err
	}
	for {
		select {
		case <-ctx.Done():
			return ctx.Err()
		case in, open := <-inputs:
			if !open {
				return nil
			}
			if err := react(v, in); err != nil {
				if errors.Is(err, io.EOF) && !errors.Is(err, terminal.ErrBroken) {
					return nil
				}
				return err
			}
		}
	}
}

func react(v terminal.Viewer, in terminal.Input) error {
	switch {
	case in.Problem != "":
		return v.Notify(terminal.Notice{Kind: terminal.Problem, Detail: in.Problem})
	case in.Shown != nil:
		return v.Notify(terminal.Notice{Kind: terminal.Typed, Count: *in.Shown})
	case in.Size != nil:
		return v.Output(fmt.Appendf(nil, "now %dx%d", in.Size.Cols, in.Size.Rows))
	case string(in.Keys) == "exit":
		return errors.Join(v.Notify(terminal.Notice{Kind: terminal.Exit, Code: 3}), io.EOF)
	case string(in.Keys) == "break":
		return fmt.Errorf("%w: %w", terminal.ErrBroken, io.EOF)
	}
	return v.Output(in.Keys)
}

func (w *world) attach(query string, headers ...string) *websocket.Conn {
	w.t.Helper()
	header := http.Header{"Origin": {w.url}}
	for _, h := range headers {
		name, value, _ := strings.Cut(h, ": ")
		header.Set(name, value)
	}
	conn, res, err := websocket.DefaultDialer.DialContext(w.t.Context(), "ws://"+w.host+"/api/v1/sessions/mine/terminals/node01"+query, header)
	if err != nil {
		w.t.Fatal(err)
	}
	_ = res.Body.Close()
	w.t.Cleanup(func() { _ = conn.Close() })
	_ = conn.SetReadDeadline(time.Now().Add(30 * time.Second))
	return conn
}

// next reads a frame: the content of a binary one, a text one as it is, or "closed <code>".
func next(t *testing.T, conn *websocket.Conn) string {
	t.Helper()
	_, data, err := conn.ReadMessage()
	if closed := new(websocket.CloseError); errors.As(err, &closed) {
		return fmt.Sprint("closed ", closed.Code)
	}
	if err != nil {
		t.Fatal(err)
	}
	return string(data)
}

func send(t *testing.T, conn *websocket.Conn, kind int, text string) {
	t.Helper()
	if err := conn.WriteMessage(kind, []byte(text)); err != nil {
		t.Fatal(err)
	}
}

func TestTerminalConversation(t *testing.T) {
	w := soloWorld(t)
	conn := w.attach("?cols=100&rows=40")
	for _, want := range []string{"100x40", `{"type":"ready"}`} {
		if got := next(t, conn); got != want {
			t.Fatalf("got %q, not %q", got, want)
		}
	}
	const text, binary = websocket.TextMessage, websocket.BinaryMessage
	for _, tt := range []struct {
		name, send string
		kind       int
		want       string
	}{
		{"keys arrive", "ls -l 節點\r", binary, "ls -l 節點\r"},
		{"bytes that are no text arrive", "\x00\xff\x1b[A", binary, "\x00\xff\x1b[A"},
		{"a resize arrives", `{"type":"resize","cols":1000,"rows":1}`, text, "now 1000x1"},
		{"no columns are refused", `{"type":"resize","cols":0,"rows":1}`, text, `{"detail":"cols and rows are whole numbers from 1 to 1000","type":"error"}`},
		{"too many rows are refused", `{"type":"resize","cols":1,"rows":1001}`, text, `{"detail":"cols and rows are whole numbers from 1 to 1000","type":"error"}`},
		{"half a size is refused", `{"type":"resize","cols":1}`, text, `{"detail":"cols and rows are whole numbers from 1 to 1000","type":"error"}`},
		{"another type is refused", `{"type":"run","cols":1}`, text, `{"detail":"unknown type \"run\": a text frame has the type resize","type":"error"}`},
		{"what is no JSON is refused", `ls`, text, `{"detail":"a text frame is a JSON object: invalid character 'l' looking for beginning of value","type":"error"}`},
		{"and the socket stays", "pwd", binary, "pwd"},
	} {
		send(t, conn, tt.kind, tt.send)
		if got := next(t, conn); got != tt.want {
			t.Errorf("%s: got %q", tt.name, got)
		}
	}
	send(t, conn, binary, "exit")
	for _, want := range []string{`{"code":3,"type":"exit"}`, "closed 1000"} {
		if got := next(t, conn); got != want {
			t.Errorf("got %q, not %q", got, want)
		}
	}
}

func TestATerminalThatCountsIsToldItsPlace(t *testing.T) {
	w := soloWorld(t)
	conn := w.attach("?viewer=a&run=r&output=12", "Sec-WebSocket-Protocol: "+ackProtocol)
	if conn.Subprotocol() != ackProtocol {
		t.Fatalf("the subprotocol is %q", conn.Subprotocol())
	}
	for _, want := range []string{`{"input":7,"output":12,"run":"r","type":"placed"}`, "80x24", `{"type":"ready"}`} {
		if got := next(t, conn); got != want {
			t.Fatalf("got %q, not %q", got, want)
		}
	}
	send(t, conn, websocket.TextMessage, `{"type":"shown","output":17}`)
	if got := next(t, conn); got != `{"input":17,"type":"typed"}` {
		t.Errorf("got %q", got)
	}
	send(t, conn, websocket.TextMessage, `{"type":"shown"}`)
	if got := next(t, conn); !strings.Contains(got, "error") {
		t.Errorf("got %q", got)
	}
}

func TestTerminalIsClosed(t *testing.T) {
	for _, tt := range []struct {
		name string
		do   func(t *testing.T, w *world, conn *websocket.Conn)
		want string
	}{
		{"with 1012 when the node's stream breaks", func(t *testing.T, _ *world, conn *websocket.Conn) { send(t, conn, websocket.BinaryMessage, "break") }, "closed 1012"},
		{"with 1012 when the server stops", func(_ *testing.T, w *world, _ *websocket.Conn) { go w.stop() }, "closed 1012"},
		{"with 1009 after a frame over 1 MiB", func(t *testing.T, _ *world, conn *websocket.Conn) {
			send(t, conn, websocket.BinaryMessage, strings.Repeat("a", inputBurst))
		}, "closed 1009"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			w := soloWorld(t)
			w.t = t
			conn := w.attach("")
			if got := next(t, conn) + next(t, conn); got != `80x24{"type":"ready"}` {
				t.Fatal(got)
			}
			tt.do(t, w, conn)
			if got := next(t, conn); got != tt.want {
				t.Errorf("got %q", got)
			}
		})
	}
}

func TestALongPasteArrivesWhole(t *testing.T) {
	w := soloWorld(t)
	conn := w.attach("")
	next(t, conn)
	next(t, conn)
	line := strings.Repeat("x", 99) + "\n"
	go func() {
		for range 500 {
			_ = conn.WriteMessage(websocket.BinaryMessage, []byte(line))
		}
	}()
	for i := range 500 {
		if got := next(t, conn); got != line {
			t.Fatalf("line %d is %q", i, got)
		}
	}
}

// floodTerminal writes until its viewer does not keep up.
type floodTerminal struct{}

func (floodTerminal) Attach(_ context.Context, v terminal.Viewer, _ terminal.Size, _ *terminal.Place) error {
	stuck, done := make(chan struct{}), make(chan struct{})
	go func() {
		defer close(done)
		beat := time.AfterFunc(time.Second, sync.OnceFunc(func() { close(stuck) }))
		for v.Output(make([]byte, 64<<10)) == nil && beat.Reset(time.Second) {
		}
	}()
	<-stuck
	v.Close(terminal.ErrTooSlow)
	<-done
	return terminal.ErrTooSlow
}

func TestASlowViewerIsToldToComeBack(t *testing.T) {
	w := soloWorld(t)
	w.fleet.terminal = floodTerminal{}
	conn := w.attach("")
	time.Sleep(2 * time.Second) // reads nothing
	for {
		switch got := next(t, conn); {
		case got == "closed 1013":
			return
		case strings.HasPrefix(got, "closed"):
			t.Fatal(got)
		}
	}
}

func TestBeforeTheUpgrade(t *testing.T) {
	w := newWorld(t, nil)
	w.fleet.terminal = echoTerminal{}
	ada, token := w.logIn("ada")
	w.session("mine", ada.ID, "static", labs.Ready)
	w.session("preparing", ada.ID, "second", labs.Preparing)
	w.session("ended", ada.ID, "second", labs.Ended)
	bob, _ := w.logIn("bob")
	w.session("bobs", bob.ID, "static", labs.Ready)
	settingUp := labs.Session{ID: "settingup", LearnerID: ada.ID, LabID: "static", State: labs.Preparing, Stage: labs.StageSetup, CreatedAt: time.Now()}
	if err := w.db.SaveSession(t.Context(), settingUp); err != nil {
		t.Fatal(err)
	}
	login, ours, upgrade := "Authorization: Bearer "+token, "Origin: "+w.url, "Upgrade: websocket"
	for _, tt := range []struct {
		name    string
		path    string
		headers []string
		status  int
		code    code
	}{
		{"without a login: 401", "mine/terminals/node01", []string{ours, upgrade}, 401, codeLoginNeeded},
		{"from a foreign page: 403", "mine/terminals/node01", []string{login, "Origin: http://evil.example", upgrade}, 403, codeOriginForeign},
		{"from another port: 403", "mine/terminals/node01", []string{login, "Origin: http://127.0.0.1:1", upgrade}, 403, codeOriginForeign},
		{"without an origin: 403", "mine/terminals/node01", []string{login, upgrade}, 403, codeOriginForeign},
		{"from the origin null: 403", "mine/terminals/node01", []string{login, "Origin: null", upgrade}, 403, codeOriginForeign},
		{"another's session: 404", "bobs/terminals/node01", []string{login, ours, upgrade}, 404, codeNotFound},
		{"an unknown node: 404", "preparing/terminals/node02", []string{login, ours, upgrade}, 404, codeNotFound},
		{"a preparing session: 409", "preparing/terminals/node01", []string{login, ours, upgrade}, 409, codeSessionNotReady},
		{"one whose lab is being set up, but no websocket: 426", "settingup/terminals/node01", []string{login, ours}, 426, codeUpgradeNeeded},
		{"an ended session: 409", "ended/terminals/node01", []string{login, ours, upgrade}, 409, codeSessionEnded},
		{"a size that is none: 400", "mine/terminals/node01?cols=1001", []string{login, ours, upgrade}, 400, codeSizeInvalid},
		{"a place that is none: 400", "mine/terminals/node01?viewer=a&output=-1", []string{login, ours, upgrade, "Sec-WebSocket-Protocol: " + ackProtocol}, 400, codePlaceInvalid},
		{"one that counts without a name: 400", "mine/terminals/node01", []string{login, ours, upgrade, "Sec-WebSocket-Protocol: " + ackProtocol}, 400, codePlaceInvalid},
		{"no websocket: 426", "mine/terminals/node01", []string{login, ours}, 426, codeUpgradeNeeded},
		{"half a websocket: 426", "mine/terminals/node01", []string{login, ours, upgrade, "Connection: Upgrade"}, 426, codeUpgradeNeeded},
	} {
		t.Run(tt.name, func(t *testing.T) {
			w.t = t
			res, body := w.call("GET", "/api/v1/sessions/"+tt.path, "", tt.headers...)
			if res.StatusCode != tt.status || !strings.Contains(body, `"code":"`+string(tt.code)+`"`) {
				t.Errorf("%d %s", res.StatusCode, body)
			}
		})
	}
}
