# Empties the namespace and keeps it.
kubectl delete all --all --namespace=demo --now
