#!/usr/bin/env bash
# Makes a Pod whose image is misspelt, and a manifest whose names are not allowed.
set -euo pipefail
export KUBECONFIG=/etc/kubernetes/admin.conf

kubectl apply -f - >/dev/null <<'POD'
apiVersion: v1
kind: Pod
metadata:
  name: {{guest}}
  namespace: default
spec:
  containers:
  - name: {{guest}}
    image: ngnix
POD

cat >/root/storefront.yml <<'MANIFEST'
apiVersion: v1
kind: Pod
metadata:
  name: StoreFront
spec:
  containers:
  - name: Web_Server
    image: nginx
MANIFEST
