#!/usr/bin/env bash
# Prints the number of the pause process of my-pod on its node.
set -euo pipefail
export KUBECONFIG=/etc/kubernetes/admin.conf

node=$(kubectl get pod my-pod --namespace default --output 'jsonpath={.spec.nodeName}')
ssh -n "$node" 'crictl inspectp "$(crictl pods --quiet --state ready --namespace default --name "^my-pod$")"' | jq .info.pid
