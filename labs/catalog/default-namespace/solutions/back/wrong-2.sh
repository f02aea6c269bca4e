# For one command only.
kubectl get pods --namespace=default
