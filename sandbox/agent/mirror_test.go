package agent

import (
	"net"
	"net/http"
	"testing"

	"github.com/greenbox-lab/greenbox/sandbox/agent/mirror"
)

func TestShellsOutliveAMirrorWithoutItsPort(t *testing.T) {
	taken, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	addr := taken.Addr().String()
	a := attach(t, newClient(t, dialSocket(startAgentWith(t, mirror.Config{Dir: t.TempDir(), Addr: addr}))))
	untilReady(t, a)
	typeIn(t, a, "echo still $((40+2))\n")
	untilOutput(t, a, "still 42")
	if err := taken.Close(); err != nil {
		t.Fatal(err)
	}
	eventually(t, "the mirror to answer", func() bool {
		client := http.Client{Transport: &http.Transport{DisableKeepAlives: true}}
		res, err := client.Get("http://" + addr + "/v2/")
		if err != nil {
			return false
		}
		_ = res.Body.Close() // nothing was read
		return res.StatusCode == http.StatusOK
	})
	typeIn(t, a, "echo and $((40+3))\n")
	untilOutput(t, a, "and 43")
}
