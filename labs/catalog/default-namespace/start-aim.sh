#!/usr/bin/env bash
# The manifest without its namespace, and the Pod from it.
set -euo pipefail
export KUBECONFIG=/etc/kubernetes/admin.conf

sed -i '/namespace:/d' /root/report.yml
kubectl apply -f /root/report.yml --namespace {{ns}} >/dev/null
