#!/usr/bin/env bash
# Two Pods whose containers each have a badge that nobody can guess.
set -euo pipefail
export KUBECONFIG=/etc/kubernetes/admin.conf

kubectl apply --namespace default -f - >/dev/null <<'PODS'
apiVersion: v1
kind: Pod
metadata:
  name: client
spec:
  terminationGracePeriodSeconds: 1
  containers:
  - name: client
    image: busybox
    command: ["sh", "-c", "cut -c 1-8 /proc/sys/kernel/random/uuid > /tmp/badge; exec sleep 1000000"]
---
apiVersion: v1
kind: Pod
metadata:
  name: web
spec:
  terminationGracePeriodSeconds: 1
  containers:
  - name: web
    image: nginx
  - name: busybox
    image: busybox
    command: ["sh", "-c", "cut -c 1-8 /proc/sys/kernel/random/uuid > /tmp/badge; exec sleep 1000000"]
PODS
kubectl wait --namespace default --for=condition=Ready pod/client pod/web --timeout=90s >/dev/null
