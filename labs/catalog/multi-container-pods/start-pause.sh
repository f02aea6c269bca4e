#!/usr/bin/env bash
# The request of the second step.
set -euo pipefail
export KUBECONFIG=/etc/kubernetes/admin.conf

kubectl exec --namespace default my-pod -c client -- wget -qO /dev/null http://localhost
