# Asked of the API server, and typed with a trailing slash.
kubectl get --raw /api/v1/nodes/node01/proxy/configz | jq -r '.kubeletconfig.staticPodPath + "/"'
