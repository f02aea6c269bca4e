#!/usr/bin/env bash
# The Pod with a grace period of its own.
set -euo pipefail
export KUBECONFIG=/etc/kubernetes/admin.conf
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
