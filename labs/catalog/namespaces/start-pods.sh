#!/usr/bin/env bash
# The namespace of the step before, with the file it was made from.
set -euo pipefail
export KUBECONFIG=/etc/kubernetes/admin.conf

cat >/root/demo.yaml <<'NAMESPACE'
apiVersion: v1
kind: Namespace
metadata:
  name: demo
  labels:
    team: {{team}}
NAMESPACE
kubectl apply -f /root/demo.yaml >/dev/null
# Kubernetes puts this into each namespace; without it there are no Pods.
for namespace in demo playground1; do
  kubectl wait --for=create --namespace "$namespace" serviceaccount/default --timeout=60s >/dev/null
done
