#!/usr/bin/env bash
# Leaves a Pod that waits for a Service, and one whose init container fails.
set -euo pipefail
export KUBECONFIG=/etc/kubernetes/admin.conf

cat >/root/report.yml <<'POD'
apiVersion: v1
kind: Pod
metadata:
  name: report
spec:
  initContainers:
  - name: write-page
    image: busybox
    command: ["sh", "-c", "echo report of team {{team}} > /dratf/index.html"]
    volumeMounts:
    - name: page
      mountPath: /draft
  containers:
  - name: web
    image: nginx
    volumeMounts:
    - name: page
      mountPath: /usr/share/nginx/html
  volumes:
  - name: page
    emptyDir: {}
POD
kubectl apply --namespace default --filename /root/report.yml --filename - <<'POD'
apiVersion: v1
kind: Pod
metadata:
  name: shop
  labels:
    app: shop
spec:
  terminationGracePeriodSeconds: 1
  initContainers:
  - name: check-disk
    image: busybox
    command: ["df", "-h", "/"]
  - name: wait-for-{{service}}
    image: busybox
    command:
    - sh
    - -c
    - |
      until nslookup {{service}}.default.svc.cluster.local >/dev/null 2>&1; do
        echo waiting for Service {{service}}
        sleep 1
      done
  - name: warm-up
    image: busybox
    command: ["echo", "warm"]
  containers:
  - name: shop
    image: nginx
POD
kubectl wait --namespace default --timeout=60s \
  --for=jsonpath='{.status.initContainerStatuses[1].state.running.startedAt}' pod/shop
