#!/usr/bin/env bash
# The Pod of the first step, and the repaired image of the second.
set -euo pipefail
export KUBECONFIG=/etc/kubernetes/admin.conf

kubectl get pod web1 --namespace default >/dev/null 2>&1 || kubectl run web1 --image=nginx --namespace default >/dev/null
kubectl set image pod/{{guest}} {{guest}}=nginx --namespace default >/dev/null
