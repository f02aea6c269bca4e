kubectl exec my-pod -c nginx -- nginx -s stop
kubectl wait --for=jsonpath='{.status.containerStatuses[?(@.name=="nginx")].restartCount}'=1 pod/my-pod --timeout=60s
