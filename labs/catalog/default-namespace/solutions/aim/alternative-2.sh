# The wrong one first, and then made good.
kubectl delete pod cache --now
kubectl run cache --image=nginx
kubectl delete pod cache --namespace=default --now
