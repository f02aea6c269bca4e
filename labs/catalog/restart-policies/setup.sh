#!/usr/bin/env bash
# Leaves a web server to be restarted, a Pod that crashes, and a manifest.
set -euo pipefail
export KUBECONFIG=/etc/kubernetes/admin.conf

cat >/root/import.yml <<'POD'
apiVersion: v1
kind: Pod
metadata:
  name: import
spec:
  containers:
  - name: import
    image: busybox
    command:
    - sh
    - -c
    - |
      if [ -e /data/tried ]; then
        echo "import of {{team}} done"
        exit 0
      fi
      touch /data/tried
      echo "connection lost"
      exit 1
    volumeMounts:
    - name: data
      mountPath: /data
  volumes:
  - name: data
    emptyDir: {}
POD
kubectl apply --namespace default --filename - <<'OBJECTS'
apiVersion: v1
kind: ConfigMap
metadata:
  name: crashing
data:
  start.sh: |
    echo "team {{team}}: starting"
    sleep 1
    echo "fatal: port {{port}} is already taken"
    exit 1
---
apiVersion: v1
kind: Pod
metadata:
  name: crashing
spec:
  terminationGracePeriodSeconds: 1
  containers:
  - name: crashing
    image: busybox
    command: ["sh", "/program/start.sh"]
    volumeMounts:
    - name: program
      mountPath: /program
  volumes:
  - name: program
    configMap:
      name: crashing
---
apiVersion: v1
kind: Pod
metadata:
  name: web
spec:
  containers:
  - name: web
    image: nginx
OBJECTS
kubectl wait --namespace default --for=condition=Ready pod/web --timeout=60s
kubectl wait --namespace default --for=jsonpath='{.status.containerStatuses[0].lastState.terminated.finishedAt}' pod/crashing --timeout=60s
