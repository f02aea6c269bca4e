package main

import (
	"encoding/json"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/gorilla/websocket"
)

// shell is a terminal's websocket as a script uses it.
type shell struct {
	t    *testing.T
	conn *websocket.Conn
}

// attach opens a terminal and returns it with what was replayed before it was ready.
func (w *world) attach(t *testing.T, session, node string) (*shell, string) {
	t.Helper()
	url := "ws://" + w.addr + "/api/v1/sessions/" + session + "/terminals/" + node + "?cols=120&rows=30"
	conn, resp, err := websocket.DefaultDialer.DialContext(t.Context(), url, http.Header{"Origin": {"http://" + w.addr}})
	if err != nil {
		t.Fatalf("attach: %v", err)
	}
	resp.Body.Close()
	s := &shell{t, conn}
	t.Cleanup(func() { conn.Close() })
	var replay strings.Builder
	for {
		kind, data := s.next(30 * time.Second)
		if kind == websocket.BinaryMessage {
			replay.Write(data)
			continue
		}
		var note struct{ Type string }
		if err := json.Unmarshal(data, &note); err != nil || note.Type != "ready" {
			t.Fatalf("expected ready, got %s", data)
		}
		return s, replay.String()
	}
}

func (s *shell) next(limit time.Duration) (int, []byte) {
	s.t.Helper()
	if err := s.conn.SetReadDeadline(time.Now().Add(limit)); err != nil {
		s.t.Fatal(err)
	}
	kind, data, err := s.conn.ReadMessage()
	if err != nil {
		s.t.Fatalf("terminal: %v", err)
	}
	return kind, data
}

func (s *shell) send(keys string) {
	s.t.Helper()
	if err := s.conn.WriteMessage(websocket.BinaryMessage, []byte(keys)); err != nil {
		s.t.Fatal(err)
	}
}

// until reads output until it contains want.
func (s *shell) until(want string, limit time.Duration) string {
	s.t.Helper()
	var out strings.Builder
	for deadline := time.Now().Add(limit); ; {
		kind, data := s.next(time.Until(deadline))
		if kind == websocket.BinaryMessage {
			out.Write(data)
		}
		if strings.Contains(out.String(), want) {
			return out.String()
		}
	}
}

// run types a line and returns what it printed. The marks around it are typed in
// two parts, so that their echo is not mistaken for them.
func (s *shell) run(line string) string {
	s.t.Helper()
	s.send("printf 'BE''GIN<'; " + line + "; printf '>EN''D\\n'\r")
	out := s.until(">END", 30*time.Second)
	_, out, _ = strings.Cut(out, "BEGIN<")
	out, _, _ = strings.Cut(out, ">END")
	return strings.TrimSpace(strings.ReplaceAll(out, "\r", ""))
}
