package web

import (
	"strings"
	"testing"

	"github.com/greenbox-lab/greenbox/labs"
)

// scenario is one request and what must come back.
type scenario struct {
	name    string
	method  string // GET when empty
	path    string
	body    string
	headers []string // the learner is ada, unless "anon" or "bob" is the first
	status  int
	must    []string // in the body
	not     []string // not in the body
}

func apiWorld(t *testing.T) (*world, map[string]string) {
	w := newWorld(t, nil)
	ada, adaToken := w.logIn("ada")
	bob, bobToken := w.logIn("bob")
	for id, state := range map[string]labs.State{"ready": labs.Ready, "paused": labs.Paused, "queued": labs.Queued,
		"preparing": labs.Preparing, "failed": labs.Broken, "ended": labs.Ended, "doomed": labs.Ready} {
		w.session(id, ada.ID, "static", state)
	}
	w.session("orphan", ada.ID, "a-lab-of-old", labs.Ready)
	w.session("bobs", bob.ID, "static", labs.Ready)
	return w, map[string]string{"ada": adaToken, "bob": bobToken}
}

func TestAPI(t *testing.T) {
	w, tokens := apiWorld(t)
	for _, tt := range apiScenarios() {
		t.Run(tt.name, func(t *testing.T) {
			w.t = t
			headers := tt.headers
			who := "ada"
			if len(headers) > 0 && !strings.Contains(headers[0], ": ") {
				who, headers = headers[0], headers[1:]
			}
			if who != "anon" {
				headers = append([]string{"Authorization: Bearer " + tokens[who]}, headers...)
			}
			if tt.method == "" {
				tt.method = "GET"
			}
			res, body := w.call(tt.method, tt.path, tt.body, headers...)
			if res.StatusCode != tt.status {
				t.Errorf("status %d, not %d", res.StatusCode, tt.status)
			}
			for _, part := range tt.must {
				if !strings.Contains(body, part) {
					t.Errorf("no %s", part)
				}
			}
			for _, part := range append(tt.not, "secret-", `"Value"`) {
				if strings.Contains(body, part) {
					t.Errorf("there is %s", part)
				}
			}
			if kind := res.Header.Get("Content-Type"); tt.status >= 400 && kind != "application/problem+json" {
				t.Errorf("the problem is %s", kind)
			}
			if t.Failed() {
				t.Log(body)
			}
		})
	}
}

func apiScenarios() []scenario {
	long := strings.Repeat("a", 4097)
	huge := `{"answer":"` + strings.Repeat("a", maxBody) + `"}`
	const attempts = "/api/v1/sessions/ready/steps/where/attempts"
	return append(sessionScenarios(), []scenario{
		{"labs are listed in English", "", "/api/v1/labs", "", nil, 200,
			[]string{`{"id":"static","title":"Static pods","summary":"Find it.","minutes":15,"track":"pods","steps":[{"id":"where","title":"Where?"},`,
				`{"id":"delete","title":"Delete it"}],"progress":{"done":0,"total":2},"session":"`, `[{"id":"second"`, `"track":"other","steps":[],"progress":{"done":0,"total":0},"session":null}`}, []string{`"text"`}},
		{"tracks have their labs in order", "", "/api/v1/tracks", "", nil, 200,
			[]string{`[{"id":"pods","title":"Pods \u003cb\u003e","summary":"All of them.","labs":[{"id":"third"`, `{"id":"static","title":"Static pods"`,
				`"progress":{"done":0,"total":2}},{"id":"other","title":"More"`}, nil},
		{"tracks are in the learner's language", "", "/api/v1/tracks?lang=zh-TW", "", nil, 200, []string{"Pod 路線", "靜態 Pod"}, nil},
		{"labs are listed in the language of ?lang", "", "/api/v1/labs?lang=zh-TW", "", []string{"Accept-Language: en"}, 200, []string{"靜態 Pod"}, nil},
		{"labs are listed in the language the browser prefers", "", "/api/v1/labs", "", []string{"Accept-Language: fr, zh-Hant-HK;q=0.8, en;q=0.5"}, 200, []string{"靜態 Pod"}, nil},
		{"a language that is not ours is English", "", "/api/v1/labs?lang=xx", "", []string{"Accept-Language: tlh"}, 200, []string{"Static pods"}, nil},
		{"a lab shows its texts, points and questions, never the answers", "", "/api/v1/labs/static", "", nil, 200,
			[]string{`"text":"A **bold** start`, `"points":2,"answer":null`,
				`"answer":{"kind":"choice","choices":[{"id":"a","text":"controlplane"},{"id":"b","text":"node01"}]}`}, []string{"Not that", "manifest"}},
		{"an unknown lab is not found", "", "/api/v1/labs/none", "", nil, 404, []string{`"code":"not-found"`}, nil},
		{"an unknown lab cannot be started", "POST", "/api/v1/labs/none/sessions", "", nil, 404, []string{`"code":"not-found"`}, nil},

		{"an answer is judged", "POST", attempts, `{"answer":"a"}`, nil, 201,
			[]string{`"verdict":"failed","points":0,"max_points":1,"checks":[{"id":"node","verdict":"failed","message":"Not that `, `"automatic":false,"lost":null}`}, nil},
		{"check messages are in the learner's language", "POST", attempts + "?lang=zh-TW", `{"answer":"a"}`, nil, 201, []string{"不是這個節點。"}, nil},
		{"the right answer passes", "POST", attempts, `{"answer":"b"}`, nil, 201, []string{`"verdict":"passed","points":1,"max_points":1`}, nil},
		{"a step without a question needs no body", "POST", "/api/v1/sessions/ready/steps/delete/attempts", "", nil, 201, []string{`"verdict":"passed"`}, nil},
		{"a paused session is resumed first", "POST", "/api/v1/sessions/paused/steps/delete/attempts", "{}", nil, 201, []string{`"verdict":"passed"`}, nil},
		{"a missing answer is said", "POST", attempts, `{}`, nil, 400, []string{`"code":"answer-missing"`}, nil},
		{"an empty answer is a missing one", "POST", attempts, `{"answer":""}`, nil, 400, []string{`"code":"answer-missing"`}, nil},
		{"an answer that is no text is refused", "POST", attempts, `{"answer":3}`, nil, 400, []string{`"code":"body-invalid"`, "answer is of the type number, not string"}, []string{"Go struct"}},
		{"an over-long answer is refused", "POST", attempts, `{"answer":"` + long + `"}`, nil, 400, []string{`"code":"answer-too-long"`}, nil},
		{"bad JSON is refused", "POST", attempts, `{"answer":`, nil, 400, []string{`"code":"body-invalid"`}, nil},
		{"a list is refused", "POST", attempts, `[]`, nil, 400, []string{`"code":"body-invalid"`, "it is of the type array"}, []string{"Go value"}},
		{"something after the JSON is refused", "POST", attempts, `{"answer":"b"} {}`, nil, 400, []string{`"code":"body-invalid"`}, nil},
		{"a body of more than 64 KiB is refused", "POST", attempts, huge, nil, 413, []string{`"code":"body-too-large"`}, nil},
		{"nor is it taken where no body is read", "DELETE", "/api/v1/sessions/none", huge, nil, 413, []string{`"code":"body-too-large"`}, nil},
		{"an unknown step is not found", "POST", "/api/v1/sessions/ready/steps/none/attempts", "", nil, 404, []string{`"code":"not-found"`}, nil},
		{"a step of a lab that is gone is not found", "POST", "/api/v1/sessions/orphan/steps/where/attempts", "", nil, 404, []string{`"code":"not-found"`}, nil},
		{"an attempt on a preparing session is too early", "POST", "/api/v1/sessions/preparing/steps/delete/attempts", "", nil, 409, []string{`"code":"session-not-ready"`}, nil},
		{"an attempt on an ended session is too late", "POST", "/api/v1/sessions/ended/steps/delete/attempts", "", nil, 409, []string{`"code":"session-ended"`}, nil},
		{"an attempt on another's session is not found", "POST", "/api/v1/sessions/bobs/steps/delete/attempts", "", nil, 404, []string{`"code":"not-found"`}, nil},

		{"a login gives a token", "POST", "/api/v1/logins", `{"name":" 小明 "}`, []string{"anon"}, 201, []string{`{"token":"`, `"name":"小明"}`}, nil},
		{"a login without a name is refused", "POST", "/api/v1/logins", `{}`, []string{"anon"}, 400, []string{`"code":"name-invalid"`}, nil},
		{"a login with a name of 101 characters is refused", "POST", "/api/v1/logins", `{"name":"` + long[:101] + `"}`, []string{"anon"}, 400, []string{`"code":"name-invalid"`}, nil},
		{"a login with a line break in the name is refused", "POST", "/api/v1/logins", `{"name":"a\nb"}`, []string{"anon"}, 400, []string{`"code":"name-invalid"`}, nil},

		{"without a login there is nothing to see", "", "/api/v1/labs", "", []string{"anon"}, 401, []string{`"code":"login-needed"`, `"status":401`, `"type":"about:blank"`}, nil},
		{"a wrong token is refused", "", "/api/v1/labs", "", []string{"anon", "Authorization: Bearer wrong"}, 401, []string{`"code":"login-needed"`}, nil},
		{"problems are in the learner's language", "", "/api/v1/labs/none", "", []string{"Accept-Language: zh-TW"}, 404, []string{"找不到"}, nil},
		{"an unknown address is not found", "", "/api/v1/nothing", "", nil, 404, []string{`"code":"not-found"`}, nil},
		{"a wrong method is said", "PUT", "/api/v1/labs", "", nil, 405, []string{`"code":"method-not-allowed"`}, nil},
		{"the description is there for everyone", "", "/api/v1/openapi.json", "", []string{"anon"}, 200, []string{`"openapi": "3.1.0"`}, nil},
	}...)
}

func sessionScenarios() []scenario {
	const steps = `"nodes":["controlplane","node01"],"steps":[{"id":"where","verdict":null,"hints":[],"hints_of":2,"solution":null},` +
		`{"id":"delete","verdict":null,"hints":[],"hints_of":0,"solution":null}],"recap":null,"reset_at":null,"replaced_at":null,"expires_at":null,"extendable_until":null,"archive":null}`
	return []scenario{
		{"a queued session has a place", "", "/api/v1/sessions/queued", "", nil, 200,
			[]string{`{"id":"queued","lab":"static","state":"queued","stage":null,"place":3,"wait":"memory","error":null,` + steps}, nil},
		{"a preparing session has a stage", "", "/api/v1/sessions/preparing", "", nil, 200, []string{`"state":"preparing","stage":"join","place":null,"wait":null,"error":null,` + steps}, nil},
		{"a failed session has an error", "", "/api/v1/sessions/failed", "", nil, 200, []string{`"state":"failed","stage":null,"place":null,"wait":null,"error":"node01 did not join.",` + steps}, nil},
		{"a ready session has neither", "", "/api/v1/sessions/ready", "", nil, 200, []string{`"state":"ready","stage":null,"place":null,"wait":null,"error":null,` + steps}, nil},
		{"an ended session can still be seen", "", "/api/v1/sessions/ended", "", nil, 200, []string{`"state":"ended"`}, nil},
		{"a session of a lab that is gone has no steps", "", "/api/v1/sessions/orphan", "", nil, 200, []string{`"lab":"a-lab-of-old"`, `"steps":[]`}, nil},
		{"another's session is not found", "", "/api/v1/sessions/bobs", "", nil, 404, []string{`"code":"not-found"`}, []string{"bob"}},
		{"another's events are not found", "", "/api/v1/sessions/bobs/events", "", nil, 404, []string{`"code":"not-found"`}, []string{"bob"}},
		{"another's session cannot be ended", "DELETE", "/api/v1/sessions/bobs", "", nil, 404, []string{`"code":"not-found"`}, nil},
		{"an unknown session is not found", "", "/api/v1/sessions/none", "", nil, 404, []string{`"code":"not-found"`}, nil},
		{"one's own sessions are listed", "", "/api/v1/sessions", "", nil, 200, []string{`"id":"ready"`, `"id":"ended"`, `"id":"orphan"`}, []string{`"id":"bobs"`}},
		{"a start at the limit names the open sessions", "POST", "/api/v1/labs/second/sessions", "", nil, 409, []string{`"code":"session-limit"`, `"sessions":["`, `"ready"`}, nil},
		{"a new session is created", "POST", "/api/v1/labs/second/sessions", "", []string{"bob"}, 201, []string{`"lab":"second","state":"queued"`}, nil},
		{"an open session is given again", "POST", "/api/v1/labs/second/sessions", "{}", []string{"bob"}, 200, []string{`"lab":"second","state":"queued"`}, nil},
		{"a session is ended", "DELETE", "/api/v1/sessions/doomed", "", nil, 204, nil, nil},
		{"a session is ended again", "DELETE", "/api/v1/sessions/doomed", "", nil, 204, nil, nil},
		{"what was ended is shown as ended", "", "/api/v1/sessions/doomed", "", nil, 200, []string{`"state":"ended"`}, nil},
	}
}
