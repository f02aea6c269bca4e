#!/usr/bin/env bash
# Leaves a Pod in each of four phases, two that do not end on SIGTERM, a bare Pod
# and a Deployment whose first Pods are marked. Which of the four is which differs
# from session to session.
set -euo pipefail
export KUBECONFIG=/etc/kubernetes/admin.conf
turn={{turn}}
names=(north east south west)
pending=${names[turn]}
running=${names[(turn + 1) % 4]}
succeeded=${names[(turn + 2) % 4]}
failed=${names[(turn + 3) % 4]}

kubectl apply --namespace default --filename - <<OBJECTS
apiVersion: v1
kind: Pod
metadata:
  name: $pending
spec:
  terminationGracePeriodSeconds: 1
  containers:
  - name: app
    image: busybox
    command: ["sleep", "1000000"]
    envFrom:
    - configMapRef:
        name: forgotten
---
apiVersion: v1
kind: Pod
metadata:
  name: $running
spec:
  restartPolicy: Never
  terminationGracePeriodSeconds: 1
  containers:
  - name: app
    image: busybox
    command: ["sleep", "1000000"]
  - name: helper
    image: busybox
    command: ["sh", "-c", "exit 1"]
---
apiVersion: v1
kind: Pod
metadata:
  name: $succeeded
spec:
  restartPolicy: Never
  containers:
  - name: app
    image: busybox
    command: ["sh", "-c", "exit 0"]
---
apiVersion: v1
kind: Pod
metadata:
  name: $failed
spec:
  restartPolicy: Never
  containers:
  - name: app
    image: busybox
    command: ["sh", "-c", "exit {{code}}"]
---
apiVersion: v1
kind: Pod
metadata:
  name: stubborn
spec:
  terminationGracePeriodSeconds: 120
  containers:
  - name: stubborn
    image: busybox
    command: ["sh", "-c", "trap 'echo SIGTERM? No.' TERM; while true; do sleep 1; done"]
---
apiVersion: v1
kind: Pod
metadata:
  name: ghost
spec:
  terminationGracePeriodSeconds: 600
  containers:
  - name: ghost
    image: busybox
    command:
    - sh
    - -c
    - |
      trap 'echo "SIGTERM? My word is \$(echo {{word}} | md5sum | cut -c 1-6)."' TERM
      while true; do sleep 1; done
---
apiVersion: v1
kind: Pod
metadata:
  name: loner
spec:
  terminationGracePeriodSeconds: 1
  containers:
  - name: web
    image: nginx
---
apiVersion: apps/v1
kind: Deployment
metadata:
  name: pair
spec:
  replicas: 2
  selector:
    matchLabels:
      app: pair
  template:
    metadata:
      labels:
        app: pair
    spec:
      terminationGracePeriodSeconds: 1
      containers:
      - name: web
        image: nginx
OBJECTS
kubectl wait --namespace default --for=condition=Available --timeout=60s deployment/pair
kubectl label pod --namespace default --selector app=pair --overwrite round=first
kubectl wait --namespace default --for=condition=Ready --timeout=60s pod/stubborn pod/ghost pod/loner
for _ in $(seq 60); do
  ended=$(kubectl get pods "$succeeded" "$failed" "$running" --namespace default \
    --output 'jsonpath={range .items[*]}{.status.phase}{.status.containerStatuses[?(@.name=="helper")].state.terminated.exitCode} {end}')
  [ "$ended" = 'Succeeded Failed Running1 ' ] && exit 0
  sleep 1
done
echo "$succeeded, $failed and $running are $ended" >&2
exit 1
