kubectl get pod shop -o jsonpath='{.status.initContainerStatuses[?(@.state.running)].name}'
