#!/usr/bin/env bash
# Makes a second namespace and a second context, a Pod of the same name in two
# namespaces, and a manifest that names its namespace.
set -euo pipefail
export KUBECONFIG=/etc/kubernetes/admin.conf

kubectl apply -f - >/dev/null <<'NAMESPACE'
apiVersion: v1
kind: Namespace
metadata:
  name: {{ns}}
NAMESPACE
kubectl wait --for=create serviceaccount/default --namespace {{ns}} --timeout=30s >/dev/null
for namespace in default {{ns}}; do
  cat <<POD
apiVersion: v1
kind: Pod
metadata:
  name: cache
  namespace: $namespace
spec:
  containers:
  - name: cache
    image: nginx
---
POD
done | kubectl apply -f - >/dev/null

export KUBECONFIG=/root/.kube/config
kubectl config set-context {{team}} --cluster=kubernetes --user=kubernetes-admin --namespace={{room}} >/dev/null
kubectl config use-context kubernetes-admin@kubernetes >/dev/null
kubectl config set-context --current --namespace= >/dev/null

cat >/root/report.yml <<'MANIFEST'
apiVersion: v1
kind: Pod
metadata:
  name: report
  namespace: default
spec:
  containers:
  - name: report
    image: nginx
MANIFEST
