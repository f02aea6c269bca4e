# By comparing addresses.
kubectl get pods -n kube-system -o json | jq '[.items[] | select(.status.podIP == .status.hostIP)] | length'
