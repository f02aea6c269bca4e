#!/usr/bin/env bash
# The two Pods that do not end on SIGTERM are gone.
set -euo pipefail
export KUBECONFIG=/etc/kubernetes/admin.conf
kubectl delete pod stubborn ghost --namespace default --now --ignore-not-found
