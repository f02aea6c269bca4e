package web

import (
	"bufio"
	"fmt"
	"net"
	"net/http"
	"strings"
	"testing"

	"github.com/greenbox-lab/greenbox/labs"
)

func soloWorld(t *testing.T) *world {
	w := newWorld(t, func(c *Config) {
		c.Solo = true
		c.Hosts = []string{"lab.example", "lab.example.org:9000"}
	})
	w.session("mine", Solo().ID, "static", labs.Ready)
	w.fleet.terminal = echoTerminal{}
	return w
}

func TestHost(t *testing.T) {
	w := soloWorld(t)
	_, port, _ := net.SplitHostPort(w.host)
	tests := []struct {
		name   string
		host   string
		served bool
	}{
		{"the loopback address is served", "127.0.0.1:" + port, true},
		{"another loopback address is served", "127.9.9.9:" + port, true},
		{"loopback in IPv6 is served", "[::1]:" + port, true},
		{"localhost is served", "LocalHost:" + port, true},
		{"a named host is served with any port", "lab.example:1234", true},
		{"a named host is served without a port", "LAB.example", true},
		{"a host named with a port is served with it", "lab.example.org:9000", true},
		{"a host named with a port is not served with another", "lab.example.org:9001", false},
		{"localhost with another port is not served", "localhost:1", false},
		{"localhost without a port is not served", "localhost", false},
		{"a rebound name is not served", "evil.example:" + port, false},
		{"a name that begins like ours is not served", "127.0.0.1.evil.example:" + port, false},
		{"an address of the network is not served", "192.168.1.2:" + port, false},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			w.t = t
			for _, path := range []string{"/", "/api/v1/labs", "/healthz", "/metrics", "/static/app.js", "/nothing"} {
				res, body := w.call("GET", path, "", "Host: "+tt.host, "Origin: http://"+tt.host)
				if (res.StatusCode != http.StatusMisdirectedRequest) != tt.served {
					t.Errorf("%s: status %d", path, res.StatusCode)
				}
				if !tt.served && path == "/api/v1/labs" && !strings.Contains(body, `"code":"host-unknown"`) {
					t.Error(body)
				}
			}
			if got := w.handshake("mine", labs.Worker, tt.host, "http://"+tt.host); (got == http.StatusSwitchingProtocols) != tt.served {
				t.Errorf("websocket: status %d", got)
			}
		})
	}
}

// handshake asks for a terminal and returns the status of the answer.
func (w *world) handshake(session, node, host, origin string) int {
	w.t.Helper()
	conn, err := new(net.Dialer).DialContext(w.t.Context(), "tcp", w.host)
	if err != nil {
		w.t.Fatal(err)
	}
	defer func() { _ = conn.Close() }()
	header := ""
	if origin != "" {
		header = "Origin: " + origin + "\r\n"
	}
	_, err = fmt.Fprintf(conn, "GET /api/v1/sessions/%s/terminals/%s HTTP/1.1\r\nHost: %s\r\n%sConnection: Upgrade\r\nUpgrade: websocket\r\n"+
		"Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n", session, node, host, header)
	if err != nil {
		w.t.Fatal(err)
	}
	res, err := http.ReadResponse(bufio.NewReader(conn), nil)
	if err != nil {
		w.t.Fatal(err)
	}
	defer func() { _ = res.Body.Close() }()
	return res.StatusCode
}

func TestForeignPagesCannotAct(t *testing.T) {
	w := soloWorld(t)
	_, token := w.logIn("ada")
	ours := "Origin: " + w.url
	tests := []struct {
		name    string
		headers []string
		served  bool
	}{
		{"a script that says nothing may", nil, true},
		{"our own page may", []string{ours, "Sec-Fetch-Site: same-origin"}, true},
		{"our own page in an old browser may", []string{ours}, true},
		{"a foreign page may not", []string{"Origin: https://evil.example", "Sec-Fetch-Site: cross-site"}, false},
		{"a foreign page in an old browser may not", []string{"Origin: https://evil.example"}, false},
		{"another port of this machine may not", []string{"Origin: http://127.0.0.1:1", "Sec-Fetch-Site: same-site"}, false},
		{"a sandboxed frame may not", []string{"Origin: null", "Sec-Fetch-Site: cross-site"}, false},
		{"a sandboxed frame in an old browser may not", []string{"Origin: null"}, false},
		{"whoever has a token may", []string{"Origin: https://tool.example", "Authorization: Bearer " + token}, true},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			w.t = t
			for _, to := range []struct{ method, path, body string }{
				{"POST", "/api/v1/logins", `{"name":"eve"}`}, {"POST", "/api/v1/labs/third/sessions", ""}, {"POST", "/labs/third/start", ""},
				{"DELETE", "/api/v1/sessions/none", ""}, {"POST", "/sessions/none/end", ""},
			} {
				res, _ := w.call(to.method, to.path, to.body, tt.headers...)
				if (res.StatusCode != http.StatusForbidden) != tt.served {
					t.Errorf("%s %s: status %d", to.method, to.path, res.StatusCode)
				}
			}
		})
	}
}

func TestWhoAsks(t *testing.T) {
	solo, closed := soloWorld(t), newWorld(t, nil)
	for _, w := range []*world{solo, closed} {
		ada, token := w.logIn("ada")
		w.session("adas", ada.ID, "static", labs.Ready)
		for _, tt := range []struct {
			name     string
			headers  []string
			sees     int // of Ada's session
			seesSolo int
		}{
			{"a token", []string{"Authorization: bearer " + token}, 200, 404},
			{"a cookie", []string{"Cookie: greenbox=" + token}, 200, 404},
			{"a token goes before a cookie", []string{"Authorization: Bearer wrong", "Cookie: greenbox=" + token}, 401, 401},
			{"nothing is the solo learner", nil, 404, 200},
			{"another server's cookie counts for nothing", []string{"Cookie: greenbox=wrong"}, 404, 200},
			{"another scheme counts for nothing", []string{"Authorization: Basic eDp5"}, 404, 200},
		} {
			t.Run(tt.name, func(t *testing.T) {
				w.t = t
				for path, want := range map[string]int{"/api/v1/sessions/adas": tt.sees, "/api/v1/sessions/mine": tt.seesSolo} {
					if w == closed && tt.seesSolo == 200 {
						want = 401
					}
					if res, _ := w.call("GET", path, "", tt.headers...); res.StatusCode != want {
						t.Errorf("%s: status %d, not %d", path, res.StatusCode, want)
					}
				}
			})
		}
	}
}

func TestOnlyOurPagesGetACookie(t *testing.T) {
	w := newWorld(t, nil)
	res, _ := w.call("POST", "/api/v1/logins", `{"name":"ada"}`)
	if got := res.Header.Get("Set-Cookie"); got != "" {
		t.Errorf("a script got %s", got)
	}
	res, _ = w.call("POST", "/api/v1/logins", `{"name":"ada"}`, "Sec-Fetch-Site: same-origin")
	got := res.Header.Get("Set-Cookie")
	for _, part := range []string{"greenbox=", "Path=/", "HttpOnly", "SameSite=Lax"} {
		if !strings.Contains(got, part) {
			t.Errorf("no %s in %s", part, got)
		}
	}
	if strings.Contains(got, "Domain") {
		t.Errorf("not for this host alone: %s", got)
	}
	res, _ = w.call("GET", "/api/v1/sessions", "", "Cookie: "+strings.Split(got, ";")[0])
	if res.StatusCode != http.StatusOK {
		t.Errorf("with the cookie: status %d", res.StatusCode)
	}
}

func TestEveryAnswerIsGuarded(t *testing.T) {
	w := soloWorld(t)
	for _, path := range []string{"/", "/api/v1/labs", "/static/app.js", "/nothing", "/metrics"} {
		for _, host := range []string{w.host, "evil.example"} {
			res, _ := w.call("GET", path, "", "Host: "+host)
			for header, part := range map[string]string{
				"Content-Security-Policy": "script-src 'self';", "X-Content-Type-Options": "nosniff", "Referrer-Policy": "no-referrer",
				"Cross-Origin-Resource-Policy": "same-origin", "X-Request-Id": "",
			} {
				if got := res.Header.Get(header); got == "" || !strings.Contains(got, part) {
					t.Errorf("%s at %s: %s is %q", path, host, header, got)
				}
			}
		}
	}
}

func TestTheLogKnowsNoTokens(t *testing.T) {
	w := newWorld(t, nil)
	_, token := w.logIn("ada")
	w.call("GET", "/api/v1/labs?token="+token, "", "Authorization: Bearer "+token, "Cookie: greenbox="+token)
	w.call("GET", "/api/v1/labs", "", "Authorization: Bearer wrong-"+token)
	w.stop()
	if log := w.log.String(); strings.Contains(log, token) || !strings.Contains(log, "path=/api/v1/labs status=200") {
		t.Error(log)
	}
}

func TestAPanicIsAnsweredAndLogged(t *testing.T) {
	w := soloWorld(t)
	w.fleet.panics = true
	res, body := w.call("GET", "/api/v1/sessions/mine", "")
	if res.StatusCode != http.StatusInternalServerError || !strings.Contains(body, `"code":"internal"`) || strings.Contains(body, "no fleet today") {
		t.Errorf("%d %s", res.StatusCode, body)
	}
	if id := res.Header.Get("X-Request-Id"); !strings.Contains(body, id) || !strings.Contains(w.log.String(), id) {
		t.Errorf("request %s is not in both %s and the log", id, body)
	}
	if !strings.Contains(w.log.String(), "no fleet today") {
		t.Error(w.log.String())
	}
}

func TestABodyOfUnknownLengthIsCutOff(t *testing.T) {
	w := soloWorld(t)
	body := struct{ *strings.Reader }{strings.NewReader(`{"name":"` + strings.Repeat("a", maxBody) + `"}`)} // hides its length
	req, err := http.NewRequestWithContext(t.Context(), "POST", w.url+"/api/v1/logins", body)
	if err != nil {
		t.Fatal(err)
	}
	res, err := http.DefaultClient.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = res.Body.Close() }()
	if res.StatusCode != http.StatusRequestEntityTooLarge {
		t.Errorf("status %d", res.StatusCode)
	}
}
