#!/usr/bin/env bash
# Passes when node01's kubelet, as it runs now, takes its static Pods from /etc/{{dir}}.
export KUBECONFIG=/etc/kubernetes/admin.conf
for _ in $(seq 20); do
  path=$(kubectl get --raw /api/v1/nodes/node01/proxy/configz 2>/dev/null | jq -r .kubeletconfig.staticPodPath)
  [ -n "$path" ] && break
  sleep 0.5
done
echo "configz: staticPodPath: ${path:-?}"
[ "${path%/}" = /etc/{{dir}} ]
