#!/usr/bin/env bash
# Passes when the API server is ready, which it may become within some seconds.
for _ in $(seq 20); do
  ready=$(curl --silent --insecure --max-time 2 https://localhost:6443/readyz) && [ "$ready" = ok ] && exit 0
  [ -e /etc/kubernetes/manifests/kube-apiserver.yaml ] || break
  sleep 0.5
done
echo "https://controlplane:6443/readyz: ${ready:-connection refused}"
exit 1
