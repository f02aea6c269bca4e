#!/usr/bin/env bash
# Prints how many Pods node01's kubelet got from the API server.
export KUBECONFIG=/etc/kubernetes/admin.conf
kubectl get --raw /api/v1/nodes/node01/proxy/pods |
  jq '[.items[] | select(.metadata.annotations["kubernetes.io/config.source"] == "api")] | length'
