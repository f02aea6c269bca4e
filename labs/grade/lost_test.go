package grade_test

import (
	"errors"
	"strings"
	"testing"
	"testing/synctest"

	"github.com/greenbox-lab/greenbox/labs"
	"github.com/greenbox-lab/greenbox/labs/grade"
)

// sound is a cluster with all that it cannot do without.
func sound() *fakeTarget {
	f := whole()
	for _, path := range []string{
		"controlplane:/etc/kubernetes/manifests/kube-apiserver.yaml", "controlplane:/etc/kubernetes/manifests/etcd.yaml",
		"controlplane:/etc/kubernetes/pki/ca.crt",
	} {
		f.files[path] = "x"
	}
	f.odd = map[string]bool{"controlplane:/var/lib/etcd/member": true} // a directory
	return f
}

func TestWhatIsLostIsSaid(t *testing.T) {
	without := func(path string) func(*fakeTarget) {
		return func(f *fakeTarget) { f.gone = path; delete(f.files, path); delete(f.odd, path) }
	}
	const down, up = true, false
	web := labs.Check{Object: &labs.ObjectCheck{Kind: "Pod", Namespace: "default", Name: "web"}}
	missing, there := file("/etc/none", ""), file("/etc/motd", "")
	ruined := labs.Lab{Irrecoverable: []labs.Irrecoverable{
		{Check: file("/etc/never", ""), Say: labs.Text{"en": "It never says this.", "zh-TW": "不會這樣說。"}},
		{Check: file("/etc/motd", "text == 'hello'"), Say: labs.Text{"en": "The greeting is back.", "zh-TW": "問候語回來了。"}},
	}}
	tests := map[string]struct {
		down    bool // the API server does not answer
		check   labs.Check
		happens func(*fakeTarget)
		lab     labs.Lab
		says    string // in English; empty: nothing is lost
		chinese string
	}{
		"an API server that only restarts":             {down, web, func(*fakeTarget) {}, labs.Lab{}, "", ""},
		"the API server's manifest is gone":            {down, web, without("controlplane:/etc/kubernetes/manifests/kube-apiserver.yaml"), labs.Lab{}, "/etc/kubernetes/manifests/kube-apiserver.yaml is gone from controlplane, so the API server cannot run. If you moved it, put it back;", "API server 無法執行"},
		"etcd's manifest is gone":                      {down, web, without("controlplane:/etc/kubernetes/manifests/etcd.yaml"), labs.Lab{}, "etcd.yaml is gone from controlplane, so etcd cannot run", "etcd 無法執行"},
		"etcd's data is gone":                          {down, web, without("controlplane:/var/lib/etcd/member"), labs.Lab{}, "/var/lib/etcd/member is gone from controlplane, and every object", "所有物件"},
		"the cluster's certificate is gone":            {down, web, without("controlplane:/etc/kubernetes/pki/ca.crt"), labs.Lab{}, "ca.crt is gone", "ca.crt 不見了"},
		"a kubelet's configuration is gone":            {down, web, without("node01:/var/lib/kubelet/config.yaml"), labs.Lab{}, "config.yaml is gone from node01", "node01 上的"},
		"the same, while the API server answers":       {up, missing, without("node01:/var/lib/kubelet/config.yaml"), labs.Lab{}, "restore this step's starting point", "還原這個步驟的起點"},
		"a manifest moved away while the API answers":  {up, missing, without("controlplane:/etc/kubernetes/manifests/kube-apiserver.yaml"), labs.Lab{}, "", ""},
		"what the lab calls lost, when a check fails":  {up, missing, func(*fakeTarget) {}, ruined, "The greeting is back.", "問候語回來了。"},
		"what the lab calls lost, when a check errors": {down, web, func(*fakeTarget) {}, ruined, "The greeting is back.", "問候語回來了。"},
		"what the lab calls lost, when all passes":     {up, there, func(*fakeTarget) {}, ruined, "", ""},
		"what the lab calls lost, when it is not":      {up, missing, func(f *fakeTarget) { f.files["node01:/etc/motd"] = "bye" }, ruined, "", ""},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				target := sound()
				if tt.down {
					target.broken = errors.New("connection refused")
				}
				tt.happens(target)
				g := grade.New(&diary{}, func(labs.Event) {})
				defer g.Close()
				got, err := g.Grade(t.Context(), labs.Session{ID: "s"}, tt.lab, step(tt.check), "", target)
				if err != nil {
					t.Fatal(err)
				}
				for lang, want := range map[labs.Lang]string{labs.English: tt.says, labs.TraditionalChinese: tt.chinese} {
					if !strings.Contains(got.Lost[lang], want) || (got.Lost[lang] == "") != (want == "") {
						t.Errorf("in %s it says %q; want %q", lang, got.Lost[lang], want)
					}
				}
			})
		})
	}
}
