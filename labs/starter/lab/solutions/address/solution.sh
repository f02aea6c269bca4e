kubectl get pod web --namespace {{team}} --output 'jsonpath={.status.podIP}'
