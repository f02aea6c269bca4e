package web

import (
	"fmt"
	"strings"
	"testing"

	"github.com/greenbox-lab/greenbox/labs"
	"github.com/greenbox-lab/greenbox/sandbox"
)

func TestALabIsResetAndAStepRestored(t *testing.T) {
	for _, tt := range []struct {
		name     string
		path     string
		busy     error
		status   int
		must     []string
		restored string
	}{
		{"a reset begins and does not wait", "mine/reset", nil, 202, []string{`"state":"preparing","stage":"network"`, `"reset_at":"20`}, ""},
		{"a session that has ended is not reset", "over/reset", nil, 409, []string{`"code":"session-ended"`}, ""},
		{"another's session is not reset", "bobs/reset", nil, 404, []string{`"code":"not-found"`}, ""},
		{"a step is restored", "mine/steps/delete/restore", nil, 200, []string{`"id":"mine"`, `"state":"ready"`}, "delete"},
		{"a cluster that is being reset is not restored", "mine/steps/delete/restore", labs.ErrBusy, 409, []string{`"code":"session-busy"`}, "delete"},
		{"what stands in the way of a restore is said", "mine/steps/delete/restore", fmt.Errorf("%w: the kubelet of node01 does not answer", sandbox.ErrNotRestored), 409, []string{`"code":"restore-failed"`, "(not restored: the kubelet of node01 does not answer)"}, "delete"},
		{"a session that has ended is not restored", "over/steps/delete/restore", nil, 409, []string{`"code":"session-ended"`}, ""},
		{"an unknown step is not restored", "mine/steps/none/restore", nil, 404, []string{`"code":"not-found"`}, ""},
		{"another's step is not restored", "bobs/steps/delete/restore", nil, 404, []string{`"code":"not-found"`}, ""},
	} {
		t.Run(tt.name, func(t *testing.T) {
			w := soloWorld(t)
			w.fleet.busy = tt.busy
			bob, _ := w.logIn("bob")
			w.session("bobs", bob.ID, "static", labs.Ready)
			w.session("over", Solo().ID, "static", labs.Ended)
			res, body := w.call("POST", "/api/v1/sessions/"+tt.path, "")
			if res.StatusCode != tt.status || w.fleet.restored != tt.restored {
				t.Errorf("status %d, restored %q", res.StatusCode, w.fleet.restored)
			}
			for _, part := range tt.must {
				if !strings.Contains(body, part) {
					t.Errorf("no %s in %s", part, body)
				}
			}
		})
	}
}
