package main

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"os/exec"
	"slices"
	"strings"
	"testing"
	"time"
)

// TestIntegrationGreenboxExercise is the whole product on one real cluster, from
// the first click to the last container gone. The parts build on each other.
func TestIntegrationGreenboxExercise(t *testing.T) {
	w := newWorld(t)
	s := api[session](t, w, http.StatusCreated, http.MethodPost, "/api/v1/labs/delete-static-pod/sessions", "")
	again := api[session](t, w, http.StatusOK, http.MethodPost, "/api/v1/labs/delete-static-pod/sessions", "")
	if again.ID != s.ID {
		t.Errorf("a second start gave session %s, want %s", again.ID, s.ID)
	}
	w.ready(s.ID)

	for _, part := range []struct {
		name string
		run  func(*testing.T, *world, string)
	}{
		{"a browser is told why a wrong solution is wrong, and sees the right one turn green", browserSolves},
		{"the learner's shell is the same in a terminal and by ssh", shellsAreAlike},
		{"nodes are held to their share of the machine", nodesAreCapped},
		{"keys are echoed", keysEcho},
		{"the documents' commands reach Running with no network", documentsRun},
		{"pods, Services, DNS and NodePorts reach each other", networkWorks},
		{"a server killed with -9 comes back with everything", survivesKill},
		{"SIGTERM pauses the cluster and the next server resumes it", survivesTerm},
		{"restarted nodes come back with names, routes and ssh", survivesNodeRestart},
		{"an ended session leaves nothing within 10 s", endsClean},
	} {
		if !t.Run(part.name, func(t *testing.T) { part.run(t, w, s.ID) }) {
			return
		}
	}
}

func shellsAreAlike(t *testing.T, w *world, id string) {
	facts := `printf '%s|' "$(hostname)" "${KUBECONFIG-unset}" "$LANG" "$HOME" "$PWD" "$0" "$(stat -c %a ~/.kube/config)" "$(kubectl config current-context)" "$(type -t k)"`
	for _, node := range []string{"controlplane", "node01"} {
		sh, _ := w.attach(t, id, node)
		terminal := sh.run(facts)
		want := node + "|unset|C.UTF-8|/root|/root|-bash|600|kubernetes-admin@kubernetes|alias|"
		if terminal != want {
			t.Errorf("terminal on %s:\n got %s\nwant %s", node, terminal, want)
		}
	}
	sh, _ := w.attach(t, id, "controlplane")
	sh.send("ssh node01\r")
	sh.until("node01:~# ", 20*time.Second)
	if got := sh.run(facts); !strings.HasPrefix(got, "node01|unset|C.UTF-8|/root|/root|-bash|600|") {
		t.Errorf("by ssh: %s", got)
	}
	sh.send("exit\r")
	sh.until("controlplane:~# ", 20*time.Second)
	for _, node := range []string{"controlplane", "node01"} {
		for _, to := range []string{"controlplane", "node01", "$(getent hosts node01 | cut -d' ' -f1)", "$(getent hosts controlplane | cut -d' ' -f1)"} {
			if out := w.must(t, id, node, "ssh -o BatchMode=yes "+to+" hostname"); strings.Contains(out, "Warning") {
				t.Errorf("ssh from %s to %s says %q", node, to, out)
			}
		}
	}
}

// keysEcho types one key after the other and logs how long each echo took.
func keysEcho(t *testing.T, w *world, id string) {
	sh, _ := w.attach(t, id, "controlplane")
	sh.run("true") // the shell has settled
	var took []time.Duration
	for range 300 {
		began := time.Now()
		sh.send("x")
		sh.until("x", 5*time.Second)
		took = append(took, time.Since(began))
	}
	sh.send("\x15") // Ctrl-U: the line is not wanted
	slices.Sort(took)
	t.Logf("echo of a key: p50 %s, p99 %s", took[len(took)/2], took[len(took)*99/100])
}

// documents are the manifests and commands of the course, as it has them.
const documents = `
kubectl run web1 --image=nginx
kubectl run web --image=nginx:latest
cat > client.yml <<'Y'
apiVersion: v1
kind: Pod
metadata:
   name: client
spec:
   containers:
    - name: client
      image: busybox
      command:
       - sh
       - -c
       - "sleep 1000000"
Y
kubectl apply -f client.yml
cat > init.yml <<'Y'
apiVersion: v1
kind: Pod
metadata:
  name: pod-with-init-containers
spec:
  initContainers:
  - name: init-service
    image: busybox
    command: ["sh", "-c", "echo waiting for sercice; sleep 4"]
  - name: init-database
    image: busybox
    command: ["sh", "-c", "echo waiting for database; sleep 4"]
  containers:
  - name: app-container
    image: nginx
Y
kubectl create -f init.yml
kubectl create namespace demo
kubectl run web --namespace=demo --image=nginx
ssh node01 'cat > /etc/just-to-mess-with-you/static-web.yaml' <<'Y'
apiVersion: v1
kind: Pod
metadata:
  name: static-web
  labels:
    role: myrole
spec:
  containers:
    - name: web
      image: nginx
      ports:
        - name: web
          containerPort: 80
          protocol: TCP
Y
kubectl wait --for=create pod/static-web-node01 --timeout=60s
kubectl wait --for=condition=Ready pod/web1 pod/web pod/client pod/pod-with-init-containers pod/static-web-node01 --timeout=90s
kubectl wait --namespace demo --for=condition=Ready pod/web --timeout=60s
`

func nodesAreCapped(t *testing.T, _ *world, id string) {
	for _, node := range []string{"controlplane", "node01"} {
		got := docker(t, "inspect", "-f", "{{.HostConfig.Memory}} {{.HostConfig.NanoCpus}} {{.HostConfig.PidsLimit}}", container(id, node))
		if got != "3221225472 2000000000 4096" {
			t.Errorf("%s may take %q", node, got)
		}
	}
}

// offline takes a node's way out of its own network away until the test ends.
func offline(t *testing.T, w *world, id, node string) {
	t.Helper()
	route := w.must(t, id, node, "ip route show default; ip route del default")
	t.Cleanup(func() {
		ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
		defer cancel()
		exit, out, err := w.engine.Exec(ctx, container(id, node), []string{"bash", "-c", "ip route add " + route}, nil)
		if err != nil || exit != 0 {
			t.Errorf("%s stays offline: %d, %v, %s", node, exit, err, out)
		}
	})
}

func documentsRun(t *testing.T, w *world, id string) {
	offline(t, w, id, "controlplane")
	offline(t, w, id, "node01")
	w.must(t, id, "controlplane", "set -e"+documents)
	policies := w.must(t, id, "controlplane", `kubectl get pods web1 web client static-web-node01 -o jsonpath='{.items[*].spec.containers[*].imagePullPolicy}'`)
	if policies != "Always Always Always Always" {
		t.Errorf("pull policies %q: the documents' commands mean Always", policies)
	}
	w.must(t, id, "controlplane", "kubectl run absent --image=redis")
	w.eventually(20*time.Second, "an image that is not there fails", func() error {
		reason := w.must(t, id, "controlplane", `kubectl get pod absent -o jsonpath='{.status.containerStatuses[0].state.waiting.reason}'`)
		if reason == "ErrImagePull" || reason == "ImagePullBackOff" {
			return nil
		}
		return errors.New("waiting: " + reason)
	})
	var took time.Duration
	w.eventually(10*time.Second, "the pull's events are there", func() error {
		times := strings.Fields(w.must(t, id, "controlplane", `kubectl get events --field-selector involvedObject.name=absent -o jsonpath='{range .items[?(@.reason=="Pulling")]}{.firstTimestamp}{end} {range .items[?(@.message=="Error: ErrImagePull")]}{.firstTimestamp}{end}'`))
		if len(times) != 2 {
			return fmt.Errorf("times %q", times)
		}
		began, err := time.Parse(time.RFC3339, times[0])
		if err != nil {
			return err
		}
		ended, err := time.Parse(time.RFC3339, times[1])
		took = ended.Sub(began)
		return err
	})
	if took > 5*time.Second {
		t.Errorf("it took %s to say that an image is not there", took)
	}
	w.must(t, id, "controlplane", "kubectl delete pod absent --now; ssh node01 rm /etc/just-to-mess-with-you/static-web.yaml")
}

func networkWorks(t *testing.T, w *world, id string) {
	w.must(t, id, "controlplane", `kubectl run far --image=nginx --overrides='{"spec":{"nodeName":"controlplane"}}'
kubectl expose pod web1 --type=NodePort --name=web --port=80 --selector=run=web1
kubectl wait --for=condition=Ready pod/far --timeout=60s`)
	for name, script := range map[string]string{
		"a pod on node01 reaches one on controlplane": `kubectl exec client -- wget -qO- -T 5 "$(kubectl get pod far -o jsonpath={.status.podIP})"`,
		"a pod reaches a Service by name":             `kubectl exec client -- wget -qO- -T 5 web.default.svc.cluster.local`,
		"controlplane answers on the NodePort":        `curl -sm 5 "controlplane:$(kubectl get svc web -o jsonpath={.spec.ports[0].nodePort})"`,
		"node01 answers on the NodePort":              `curl -sm 5 "node01:$(kubectl get svc web -o jsonpath={.spec.ports[0].nodePort})"`,
	} {
		t.Run(name, func(t *testing.T) {
			w.t = t
			w.eventually(20*time.Second, name, func() error {
				out, err := w.on(t, id, "controlplane", script)
				if err == nil && !strings.Contains(out, "Welcome to nginx") {
					err = fmt.Errorf("got %.200q", out)
				}
				return err
			})
		})
	}
	w.t = t
	if listens := docker(t, "port", container(id, "controlplane")); !strings.Contains(listens, "127.0.0.1:") || strings.Contains(listens, "0.0.0.0") {
		t.Errorf("published: %s", listens)
	}
}

// docker is what a docker command printed.
func docker(t *testing.T, args ...string) string {
	t.Helper()
	out, err := exec.CommandContext(t.Context(), "docker", args...).Output()
	if err != nil {
		t.Fatalf("docker %s: %v", strings.Join(args, " "), err)
	}
	return strings.TrimSpace(string(out))
}
