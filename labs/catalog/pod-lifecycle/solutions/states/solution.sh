kubectl get pods -o jsonpath='{.items[?(@.status.phase=="Failed")].status.containerStatuses[*].state.terminated.exitCode}'
