# Makes the team's namespace.
set -euo pipefail
export KUBECONFIG=/etc/kubernetes/admin.conf
kubectl create namespace {{team}} --dry-run=client --output yaml | kubectl apply --filename - >/dev/null
