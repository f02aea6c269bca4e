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
