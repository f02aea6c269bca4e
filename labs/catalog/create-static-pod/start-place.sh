#!/usr/bin/env bash
# What preparing leaves: the ordinary Pod and a manifest.
set -euo pipefail
export KUBECONFIG=/etc/kubernetes/admin.conf
kubectl apply --filename - >/dev/null <<'POD'
apiVersion: v1
kind: Pod
metadata:
  name: web1
  namespace: default
spec:
  containers:
  - name: web1
    image: nginx
POD
kubectl run web2 --image=nginx --dry-run=client --output yaml >/root/web2.yaml
