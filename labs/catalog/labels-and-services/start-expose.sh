#!/usr/bin/env bash
# The labels of the steps before, on Pods that run.
set -euo pipefail
export KUBECONFIG=/etc/kubernetes/admin.conf

kubectl label pod web --namespace default --overwrite app={{app}} >/dev/null
kubectl label pod spare --namespace default --overwrite env=prod draft- >/dev/null
kubectl wait --namespace default --for=condition=Ready pod/web pod/spare --timeout=90s >/dev/null
