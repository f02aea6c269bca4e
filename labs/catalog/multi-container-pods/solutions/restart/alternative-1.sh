# The signal itself, to process 1.
kubectl exec my-pod -c nginx -- bash -c 'kill 1'
kubectl wait --for=jsonpath='{.status.containerStatuses[?(@.name=="nginx")].restartCount}'=1 pod/my-pod --timeout=60s
