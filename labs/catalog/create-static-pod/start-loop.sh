#!/usr/bin/env bash
# What naming a namespace leaves: the static Pod in it.
set -euo pipefail
export KUBECONFIG=/etc/kubernetes/admin.conf
kubectl apply --filename - >/dev/null <<'NAMESPACE'
apiVersion: v1
kind: Namespace
metadata:
  name: {{ns}}
NAMESPACE
kubectl run web2 --namespace {{ns}} --image=nginx --dry-run=client --output yaml >/root/web2.yaml
scp -q /root/web2.yaml node01:/etc/kubernetes/manifests/
