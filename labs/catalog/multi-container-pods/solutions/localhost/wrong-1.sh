# From the node, which is outside.
curl -s "http://$(kubectl get pod my-pod -o jsonpath={.status.podIP})"
