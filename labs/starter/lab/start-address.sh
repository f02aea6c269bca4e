# Makes what the first step leaves.
set -euo pipefail
export KUBECONFIG=/etc/kubernetes/admin.conf
kubectl run web --image nginx --namespace {{team}} --dry-run=client --output yaml | kubectl apply --filename - >/dev/null
kubectl wait pod/web --namespace {{team}} --for condition=Ready --timeout 60s >/dev/null
