package web

import (
	"context"
	"errors"

	"net/http"
	"strings"
	"testing"

	"github.com/greenbox-lab/greenbox/labs"
)

func TestPages(t *testing.T) {
	w := newWorld(t, func(c *Config) { c.Solo = true })
	me := Solo().ID
	w.session("mine", me, "static", labs.Ready)
	w.session("orphan", me, "a-lab-of-old", labs.Ready)
	bob, _ := w.logIn("bob")
	w.session("bobs", bob.ID, "static", labs.Ready)
	w.call("POST", "/api/v1/sessions/mine/steps/where/attempts", `{"answer":"a"}`)
	tests := []struct {
		name   string
		method string
		path   string
		body   string
		accept string
		status int
		to     string // where it leads
		must   []string
		not    []string
	}{
		{"the first page lists the labs", "GET", "/", "", "en", 200, "", []string{"Static pods", "/sessions/mine", "/labs/second/start", "/static/app.css?v=",
			"Pods &lt;b&gt;", "a-lab-of-old", "0 of 2 labs done", "mine/lab.yaml:3", "unknown field &lt;x&gt;; remove it"}, []string{"bobs"}},
		{"the first page is in the browser's language", "GET", "/", "", "zh-TW", 200, "", []string{"靜態 Pod", `lang="zh-TW"`}, nil},
		{"a session's page shows steps, attempts and terminals", "GET", "/sessions/mine", "", "en", 200, "",
			[]string{"<strong>bold</strong>", `class="language-bash"`, "Where?", "Not that", "node01", "/static/app.js?v="}, []string{"<script>alert", "secret-", "<strong>saw"}},
		{"a session of a lab that is gone still has a page", "GET", "/sessions/orphan", "", "en", 200, "", []string{"a-lab-of-old"}, nil},
		{"another's page is not found", "GET", "/sessions/bobs", "", "en", 404, "", []string{"<html", "Not found"}, []string{"Static pods"}},
		{"an unknown page is not found", "GET", "/nothing", "", "zh-TW", 404, "", []string{"<html", "找不到"}, nil},
		{"an open lab leads to its session", "POST", "/labs/static/start", "", "en", 303, "/sessions/mine", nil, nil},
		{"a start at the limit offers to end a session", "POST", "/labs/second/start", "", "en", 409, "",
			[]string{"/sessions/mine/end", "/sessions/orphan/end", "Static pods", "a-lab-of-old", `value="second"`}, nil},
		{"an unknown lab cannot be started", "POST", "/labs/none/start", "", "en", 404, "", []string{"<html"}, nil},
		{"another's session cannot be ended", "POST", "/sessions/bobs/end", "", "en", 404, "", []string{"<html"}, nil},
		{"ending a session may start a lab", "POST", "/sessions/orphan/end", "start=second", "en", 303, "/sessions/solo-second", nil, nil},
		{"ending a session leads home", "POST", "/sessions/solo-second/end", "", "en", 303, "/", nil, nil},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			w.t = t
			res, body := w.call(tt.method, tt.path, tt.body, "Accept-Language: "+tt.accept, "Content-Type: application/x-www-form-urlencoded")
			if res.StatusCode != tt.status || res.Header.Get("Location") != tt.to {
				t.Errorf("status %d, to %q", res.StatusCode, res.Header.Get("Location"))
			}
			for _, part := range tt.must {
				if !strings.Contains(body, part) {
					t.Errorf("no %s in %s", part, body)
				}
			}
			for _, part := range tt.not {
				if strings.Contains(body, part) {
					t.Errorf("there is %s in %s", part, body)
				}
			}
		})
	}
}

func TestAChosenLanguageStays(t *testing.T) {
	w := newWorld(t, func(c *Config) { c.Solo = true })
	res, body := w.call("GET", "/?lang=zh-TW", "", "Accept-Language: en")
	cookie := res.Header.Get("Set-Cookie")
	if !strings.Contains(body, "靜態 Pod") || !strings.HasPrefix(cookie, "lang=zh-TW;") {
		t.Fatalf("%s %s", cookie, body)
	}
	if _, body := w.call("GET", "/", "", "Accept-Language: en", "Cookie: lang=zh-TW"); !strings.Contains(body, "靜態 Pod") {
		t.Error(body)
	}
}

func TestStaticFilesAreCachedByContent(t *testing.T) {
	w := newWorld(t, func(c *Config) { c.Solo = true })
	_, body := w.call("GET", "/", "")
	_, rest, _ := strings.Cut(body, "/static/app.css")
	version, _, _ := strings.Cut(rest, `"`)
	res, css := w.call("GET", "/static/app.css"+version, "")
	if css != "a{}" || !strings.Contains(res.Header.Get("Cache-Control"), "immutable") || !strings.HasPrefix(res.Header.Get("Content-Type"), "text/css") {
		t.Errorf("%s %v", css, res.Header)
	}
	again, _ := w.call("GET", "/static/app.css", "", "If-None-Match: "+res.Header.Get("ETag"))
	if again.StatusCode != http.StatusNotModified || again.Header.Get("Cache-Control") != "no-cache" {
		t.Errorf("%d %v", again.StatusCode, again.Header)
	}
	if gone, _ := w.call("GET", "/static/../web.go", ""); gone.StatusCode != http.StatusNotFound {
		t.Errorf("status %d", gone.StatusCode)
	}
}

func TestOperatorsEndpoints(t *testing.T) {
	broken := errors.New("the engine does not answer")
	var engine error
	w := newWorld(t, func(c *Config) { c.Ready = func(context.Context) error { return engine } })
	ada, _ := w.logIn("ada")
	w.session("one", ada.ID, "static", labs.Ready)
	w.call("BREW", "/made-up/path", "")
	for _, tt := range []struct {
		name   string
		path   string
		engine error
		status int
		must   []string
	}{
		{"it lives", "/healthz", broken, 200, []string{"ok"}},
		{"it is ready when the engine is", "/readyz", nil, 200, []string{"ready"}},
		{"it is not ready when the engine is not", "/readyz", broken, 503, []string{`"code":"not-ready"`}},
		{"it counts", "/metrics", nil, 200, []string{`greenbox_sessions{state="ready"} 1`, `greenbox_sessions{state="queued"} 0`,
			`greenbox_attempts_total{verdict="passed"} 0`, `greenbox_http_request_duration_seconds_count{method="GET",route="/readyz",status="503"} 1`,
			"greenbox_terminals 0", `method="other",route="",status="404"`}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			w.t, engine = t, tt.engine
			res, body := w.call("GET", tt.path, "")
			if res.StatusCode != tt.status {
				t.Errorf("status %d", res.StatusCode)
			}
			for _, part := range tt.must {
				if !strings.Contains(body, part) {
					t.Errorf("no %s in %s", part, body)
				}
			}
		})
	}
}

func TestMarkdown(t *testing.T) {
	for _, tt := range []struct{ name, text, want string }{
		{"a code fence keeps its language", "```yaml\na: 1\n```", "<pre><code class=\"language-yaml\">a: 1\n</code></pre>\n"},
		{"a table is a table", "|a|\n|-|\n|1|", "<table>\n<thead>\n<tr>\n<th>a</th>\n</tr>\n</thead>\n<tbody>\n<tr>\n<td>1</td>\n</tr>\n</tbody>\n</table>\n"},
		{"HTML of the author is left out", "a <script>alert(1)</script><b onclick=\"x()\">b</b>", "<p>a alert(1)b</p>\n"},
		{"nor is a whole block of it", "<form action=/sessions/mine/end method=post>\n<input name=x>\n</form>\n\n<style>body{display:none}</style>\n", "\n\n"},
		{"a link cannot run anything", "[a](javascript:alert(1)) [b](JaVaScRiPt:alert(1)) [c](&#106;avascript:alert(1)) [d](vbscript:x)", "<p>a b c d</p>\n"},
		{"nor carry its own page", "[a](data:text/html;base64,PHNjcmlwdD4=) <data:text/html,x>", "<p>a data:text/html,x</p>\n"},
		{"nor lead into this server", "[a](/sessions/mine/end) [b](//evil.example) [c](mailto:a@b.c) [d](../x)", "<p>a b c d</p>\n"},
		{"a link within the page is one", "[a](#step-two)", `<p><a href="#step-two" rel="nofollow noreferrer">a</a></p>` + "\n"},
		{"an image is left out, wherever it is", "![a](https://evil.example/p.png) ![b](/x.png) ![c](data:image/svg+xml,x)", "<p>  </p>\n"},
		{"a title cannot break out of its attribute", "[a](https://k8s.io \"x\\\" onmouseover=alert(1)\")",
			`<p><a href="https://k8s.io" rel="nofollow noreferrer noopener" target="_blank">a</a></p>` + "\n"},
		{"a fence's language cannot break out of its class", "```\"><script>alert(1)</script>\nx\n```", "<pre><code>x\n</code></pre>\n"},
		{"a task list keeps its boxes, and they are no use", "- [x] a", "<ul>\n<li><input checked=\"\" disabled=\"\" type=\"checkbox\"> a</li>\n</ul>\n"},
		{"another page opens beside the terminal", "[a](https://kubernetes.io)",
			`<p><a href="https://kubernetes.io" rel="nofollow noreferrer noopener" target="_blank">a</a></p>` + "\n"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			got, err := newMarkdown().html(tt.text)
			if err != nil || got != tt.want {
				t.Errorf("got %q, %v", got, err)
			}
		})
	}
}
