#!/usr/bin/env bash
# The manifest with its label, applied.
set -euo pipefail
export KUBECONFIG=/etc/kubernetes/admin.conf

grep -q '^  labels:' /root/storefront.yml ||
  sed -i 's/^spec:/  labels:\n    role: {{role}}\nspec:/' /root/storefront.yml
kubectl apply -f /root/storefront.yml --namespace default >/dev/null 2>&1
