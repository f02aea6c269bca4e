#!/usr/bin/env bash
# The Service of the step before.
set -euo pipefail
export KUBECONFIG=/etc/kubernetes/admin.conf

kubectl expose pod web --namespace default --type=NodePort --name=shop --port=80 >/dev/null
