# Found with the help of the API server's own filter.
kubectl get pods --field-selector status.phase=Failed -o json | jq '.items[].status.containerStatuses[].state.terminated.exitCode'
