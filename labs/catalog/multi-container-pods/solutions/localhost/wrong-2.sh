# From the client, but to the Pod's address.
kubectl exec my-pod -c client -- wget -qO- "http://$(kubectl get pod my-pod -o jsonpath={.status.podIP})"
