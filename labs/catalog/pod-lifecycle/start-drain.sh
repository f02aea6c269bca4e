#!/usr/bin/env bash
# The two Pods that do not end on SIGTERM are gone, and web runs.
set -euo pipefail
export KUBECONFIG=/etc/kubernetes/admin.conf
kubectl delete pod stubborn ghost --namespace default --now --ignore-not-found
kubectl apply --namespace default --filename - <<'POD'
apiVersion: v1
kind: Pod
metadata:
  name: web
spec:
  terminationGracePeriodSeconds: 10
  containers:
  - name: web
    image: nginx
POD
