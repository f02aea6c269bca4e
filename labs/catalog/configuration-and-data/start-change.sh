#!/usr/bin/env bash
# The Pod that takes its environment from the ConfigMap, and its manifest.
set -euo pipefail
export KUBECONFIG=/etc/kubernetes/admin.conf
cat >/root/app.yml <<'POD'
apiVersion: v1
kind: Pod
metadata:
  name: app
spec:
  containers:
  - name: app
    image: nginx
    envFrom:
    - configMapRef:
        name: settings
POD
kubectl apply --namespace default --filename /root/app.yml
kubectl wait --namespace default --for=condition=Ready pod/app --timeout=60s
