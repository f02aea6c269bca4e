#!/usr/bin/env bash
# The Pod of the step before.
set -euo pipefail
export KUBECONFIG=/etc/kubernetes/admin.conf

kubectl get pod web --namespace {{ns}} >/dev/null 2>&1 || kubectl run web --image=nginx --namespace {{ns}} >/dev/null
