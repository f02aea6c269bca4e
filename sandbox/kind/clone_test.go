package kind

import (
	"strings"
	"testing"
	"time"

	"github.com/greenbox-lab/greenbox/labs"
	"github.com/greenbox-lab/greenbox/sandbox/cluster"
	"golang.org/x/sync/errgroup"
	kindcluster "sigs.k8s.io/kind/pkg/cluster"
)

func TestIntegrationClonesAreClustersOfTheirOwn(t *testing.T) {
	p := provider(t, "")
	if err := p.MakeGolden(t.Context(), func(line string) { t.Log(line) }); err != nil {
		t.Fatal(err)
	}
	names := []string{"greenbox-clone-one", "greenbox-clone-two"}
	var both errgroup.Group
	for _, name := range names {
		both.Go(func() error {
			began := time.Now()
			defer func() { t.Logf("%s: %s", name, time.Since(began).Round(100*time.Millisecond)) }()
			return p.Create(t.Context(), name, cluster.Labels{Session: name, Spare: name == names[1]}, func(labs.Stage) {})
		})
	}
	if err := both.Wait(); err != nil {
		t.Fatal(err)
	}
	say := func(name, script string) string {
		t.Helper()
		out, err := p.output(t.Context(), containers(name)[0], "timeout", "60", "bash", "-c", "export HOME=/root; unset KUBECONFIG; cd; "+script)
		if err != nil {
			t.Error(err)
		}
		return strings.TrimSpace(string(out))
	}
	for what, script := range map[string]string{
		"authorities":     "sha256sum /etc/kubernetes/pki/{,etcd/}ca.crt /etc/kubernetes/pki/front-proxy-ca.crt",
		"token keys":      "sha256sum /etc/kubernetes/pki/sa.key",
		"ssh keys":        "cat /root/.ssh/id_ed25519.pub; ssh -n node01 cat /root/.ssh/id_ed25519.pub",
		"ssh host keys":   "cat /etc/ssh/ssh_host_*.pub",
		"machine's ids":   "cat /etc/machine-id",
		"nodes addresses": "kubectl get nodes -o jsonpath='{.items[*].status.addresses[0].address}'",
	} {
		if one, two := say(names[0], script), say(names[1], script); one == two || one == "" {
			t.Errorf("%s are the same: %s", what, one)
		}
	}
	for what, row := range map[string]struct{ script, want string }{
		"a Pod runs and is reached by name, on the other node": {`kubectl run web --image=nginx >/dev/null && kubectl expose pod web --port=80 >/dev/null &&
			kubectl wait --for=condition=Ready pod/web --timeout=30s >/dev/null && kubectl run client --image=busybox --restart=Never -- wget -qO- -T 5 http://web >/dev/null &&
			kubectl wait --for=jsonpath='{.status.phase}'=Succeeded pod/client --timeout=30s >/dev/null && kubectl logs client | grep -o '<title>.*</title>'`, "<title>Welcome to nginx!</title>"},
		"the API server's address is its own only":     {"kubectl get endpointslices kubernetes -o jsonpath='{.endpoints[*].addresses[*]}' | grep -cx \"$(hostname -i)\"", "1"},
		"the authority that Pods are given is its own": {"kubectl get configmap kube-root-ca.crt -o jsonpath='{.data.ca\\.crt}' | diff -q - /etc/kubernetes/pki/ca.crt >/dev/null; echo $?", "0"},
		"so is the one that nodes join by":             {"kubectl get configmap cluster-info -n kube-public -o jsonpath='{.data.kubeconfig}' | grep -c \"$(base64 -w0 /etc/kubernetes/pki/ca.crt)\"", "1"},
		"nothing was restarted":                        {"kubectl get pods -A -o jsonpath='{.items[*].status.containerStatuses[*].restartCount}' | tr ' ' '\\n' | sort -u", "0"},
		"one CoreDNS":                                  {"kubectl get pods -n kube-system -l k8s-app=kube-dns --no-headers | wc -l", "1"},
		"ssh asks nothing":                             {"ssh -n node01 ssh -n controlplane hostname", "controlplane"},
	} {
		if got := say(names[0], row.script); got != row.want {
			t.Errorf("%s: %q; want %q", what, got, row.want)
		}
	}
	other := say(names[1], "hostname -i")
	if got := say(names[0], "curl --silent --insecure --max-time 2 https://"+other+":6443/readyz || echo unreachable"); got != "unreachable" {
		t.Errorf("another clone's API server answers: %s", got)
	}
	spareIsTaken(t, p, names[1])
	kinds := kindcluster.NewProvider(kindcluster.ProviderWithDocker())
	if listed, err := kinds.List(); err != nil || !strings.Contains(strings.Join(listed, " "), names[0]) {
		t.Errorf("kind lists %v, %v", listed, err)
	}
	if nodes, err := kinds.ListNodes(names[0]); err != nil || len(nodes) != 2 {
		t.Errorf("kind knows the nodes %v, %v", nodes, err)
	}
	if config, err := kinds.KubeConfig(names[0], false); err != nil || !strings.Contains(config, "127.0.0.1:") {
		t.Errorf("kind's kubeconfig: %s, %v", config, err)
	}
	if err := kinds.Delete(names[0], ""); err != nil {
		t.Error(err)
	}
	litterIsListed(t, p, names[1])
	for _, name := range names {
		if err := p.Delete(t.Context(), name); err != nil {
			t.Error(err)
		}
	}
	nothingLeft(t, p, names[0])
}
