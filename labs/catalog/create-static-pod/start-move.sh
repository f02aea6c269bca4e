#!/usr/bin/env bash
# What repairing leaves: a clock that runs, beside web2.
set -euo pipefail
export KUBECONFIG=/etc/kubernetes/admin.conf
ssh -n node01 'sed "s/slep/sleep/" /root/clock.yaml >/etc/kubernetes/manifests/clock.yaml'
kubectl wait --namespace {{ns}} --for=create pod/web2-node01 --timeout=60s >/dev/null
