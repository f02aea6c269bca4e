# Chooses the time for one deletion, not in the spec.
kubectl run web --image=nginx
kubectl wait --for=condition=Ready pod/web --timeout=60s
kubectl delete pod web --grace-period=10 --wait=false
