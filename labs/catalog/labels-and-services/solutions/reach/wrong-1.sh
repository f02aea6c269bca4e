# The node port itself.
kubectl get service shop -o jsonpath='{.spec.ports[0].nodePort}'
