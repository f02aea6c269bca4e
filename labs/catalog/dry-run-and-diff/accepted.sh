#!/usr/bin/env bash
# Passes when the API server would take the manifest.
export KUBECONFIG=/etc/kubernetes/admin.conf
said=$(kubectl apply -f /root/shop.yml --namespace default --dry-run=server 2>&1) && exit 0
echo "$said" | head -1 | cut -c -200
exit 1
