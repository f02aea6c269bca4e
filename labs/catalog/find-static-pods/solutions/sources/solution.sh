kubectl get --raw /api/v1/nodes/node01/proxy/pods | jq -r '.items[].metadata.annotations["kubernetes.io/config.source"]' | grep -c api
