#!/usr/bin/env bash
# What naming a namespace leaves: the static Pod in it.
set -euo pipefail
export KUBECONFIG=/etc/kubernetes/admin.conf
kubectl create namespace {{ns}} --dry-run=client --output yaml | kubectl apply --filename - >/dev/null
kubectl run web2 --namespace {{ns}} --image=nginx --dry-run=client --output yaml >/root/web2.yaml
scp -q /root/web2.yaml node01:/etc/kubernetes/manifests/
