#!/usr/bin/env bash
# The Service of the step before; it answers on both nodes.
set -euo pipefail
export KUBECONFIG=/etc/kubernetes/admin.conf

kubectl get service shop --namespace default >/dev/null 2>&1 ||
  kubectl expose pod web --namespace default --type=NodePort --name=shop --port=80 >/dev/null
port=$(kubectl get service shop --namespace default --output 'jsonpath={.spec.ports[0].nodePort}')
for node in node01 controlplane; do
  for _ in $(seq 100); do
    curl --silent --max-time 2 --output /dev/null "http://$node:$port" && continue 2
    sleep 0.2
  done
  echo "$node:$port does not answer" >&2
  exit 1
done
