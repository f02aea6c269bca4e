# All Pods of the kubelet.
kubectl get --raw /api/v1/nodes/node01/proxy/pods | jq '.items | length'
