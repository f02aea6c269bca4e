# Deletes in both.
kubectl delete pod cache --namespace=default --now
kubectl delete pod cache --now
