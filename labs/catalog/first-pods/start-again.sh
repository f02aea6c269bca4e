#!/usr/bin/env bash
# The corrected manifest, and the Pod that was created from it.
set -euo pipefail
export KUBECONFIG=/etc/kubernetes/admin.conf

sed -i -e 's/StoreFront/storefront/' -e 's/Web_Server/web-server/' /root/storefront.yml
kubectl delete -f /root/storefront.yml --namespace default --ignore-not-found --now >/dev/null
kubectl create -f /root/storefront.yml --namespace default >/dev/null
