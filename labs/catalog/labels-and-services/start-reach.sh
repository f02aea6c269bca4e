#!/usr/bin/env bash
# The Service of the step before.
set -euo pipefail
export KUBECONFIG=/etc/kubernetes/admin.conf

kubectl get service shop --namespace default >/dev/null 2>&1 ||
  kubectl expose pod web --namespace default --type=NodePort --name=shop --port=80 >/dev/null
