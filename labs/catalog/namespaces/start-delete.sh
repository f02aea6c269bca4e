#!/usr/bin/env bash
# A Pod in each of the two namespaces.
set -euo pipefail
export KUBECONFIG=/etc/kubernetes/admin.conf

for namespace in demo playground1; do
  cat <<POD
apiVersion: v1
kind: Pod
metadata:
  name: web
  namespace: $namespace
spec:
  containers:
  - name: web
    image: nginx
---
POD
done | kubectl apply -f - >/dev/null
kubectl wait --namespace playground1 --for=condition=Ready pod/web --timeout=90s >/dev/null
