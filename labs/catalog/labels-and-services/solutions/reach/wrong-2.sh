# The page of another Pod.
curl -s "http://$(kubectl get pod spare -o jsonpath='{.status.podIP}')"
