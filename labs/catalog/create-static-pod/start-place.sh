#!/usr/bin/env bash
# What preparing leaves: the ordinary Pod and a manifest.
set -euo pipefail
export KUBECONFIG=/etc/kubernetes/admin.conf
kubectl run web1 --namespace default --image=nginx --dry-run=client --output yaml | kubectl apply --filename - >/dev/null
kubectl run web2 --image=nginx --dry-run=client --output yaml >/root/web2.yaml
