#!/usr/bin/env bash
# What deleting leaves: the static Pod only.
set -euo pipefail
export KUBECONFIG=/etc/kubernetes/admin.conf
kubectl delete pod web1 --namespace default --ignore-not-found --now --wait=false >/dev/null
