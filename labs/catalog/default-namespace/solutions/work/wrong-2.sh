# Forgets that the first one is still there.
kubectl run web --image=nginx --namespace=default
kubectl run web --image=nginx
