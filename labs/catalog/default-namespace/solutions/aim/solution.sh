kubectl delete pod cache --namespace=default
kubectl get pods
