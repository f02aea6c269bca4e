#!/usr/bin/env bash
# A Pod in each of the two namespaces.
set -euo pipefail
export KUBECONFIG=/etc/kubernetes/admin.conf

for namespace in demo playground1; do
  kubectl run web --namespace "$namespace" --image=nginx --dry-run=client -o yaml |
    kubectl apply --namespace "$namespace" -f - >/dev/null
done
kubectl wait --namespace playground1 --for=condition=Ready pod/web --timeout=90s >/dev/null
