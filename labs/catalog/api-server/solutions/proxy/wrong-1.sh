# kubectl makes the object.
kubectl create configmap letter --from-literal=from={{word}}
