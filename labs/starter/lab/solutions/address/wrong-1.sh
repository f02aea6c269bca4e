# The address of the node.
kubectl get pod web --namespace {{team}} --output 'jsonpath={.status.hostIP}'
