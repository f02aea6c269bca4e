#!/usr/bin/env bash
# What placing leaves: a static Pod.
set -euo pipefail
export KUBECONFIG=/etc/kubernetes/admin.conf
scp -q /root/web2.yaml node01:/etc/kubernetes/manifests/
kubectl wait --namespace default --for=create pod/web2-node01 --timeout=60s >/dev/null
kubectl wait --namespace default --for=condition=Ready pod/web2-node01 --timeout=60s >/dev/null
