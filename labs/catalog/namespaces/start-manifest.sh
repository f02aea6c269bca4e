#!/usr/bin/env bash
# The namespace of the step before.
set -euo pipefail
export KUBECONFIG=/etc/kubernetes/admin.conf

kubectl create namespace playground1 --dry-run=client -o yaml | kubectl apply -f - >/dev/null
