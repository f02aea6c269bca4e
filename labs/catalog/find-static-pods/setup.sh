#!/usr/bin/env bash
# Hides static Pods on node01 among ordinary ones. Each time {{pod}} is a new Pod
# to the kubelet, so that nothing of an earlier one counts for it.
set -euo pipefail
export KUBECONFIG=/etc/kubernetes/admin.conf
born=$(date +%s%N)

for pod in report-node01 shop-master; do
  cat <<POD
apiVersion: v1
kind: Pod
metadata:
  name: $pod
  namespace: default
spec:
  containers:
  - name: $pod
    image: nginx
---
POD
done | kubectl apply --filename - >/dev/null

ssh node01 bash -s "$born" <<'NODE'
set -euo pipefail
cd /etc/kubernetes/manifests
cat >{{file}}.yaml <<POD
apiVersion: v1
kind: Pod
metadata:
  name: {{pod}}
  namespace: default
  labels:
    born: "$1"
spec:
  hostNetwork: true
  terminationGracePeriodSeconds: 1
  containers:
  - name: watch
    image: busybox
    command:
    - sh
    - -c
    - |
      trap 'exit 1' TERM
      while true; do
        if wget -q -T 5 -O /dev/null http://controlplane:6443 2>&1 | grep -q refused; then state=away; else state=there; fi
        echo "API server \$state"
        sleep 1
      done
POD
for n in $(seq {{extra}}); do
  cat >"helper-$n.yaml" <<POD
apiVersion: v1
kind: Pod
metadata:
  name: helper-$n
  namespace: kube-system
spec:
  terminationGracePeriodSeconds: 1
  containers:
  - name: helper
    image: busybox
    command: [sleep, infinity]
POD
done
NODE

for n in $(seq {{extra}}); do # one by one: told of several, kubectl gives up where more than one is missing
  kubectl wait --namespace kube-system --for=create "pod/helper-$n-node01" --timeout=60s >/dev/null
done
for _ in $(seq 90); do
  state=$(kubectl get pod {{pod}}-node01 --namespace default --ignore-not-found \
    --output 'jsonpath={.metadata.labels.born}{.status.containerStatuses[0].ready}')
  [ "$state" = "${born}true" ] && exit 0
  sleep 0.5
done
echo "{{pod}}-node01 is not Running" >&2
exit 1
