# A new Pod of the same name is no restart.
kubectl delete pod web --now
kubectl run web --image=nginx
kubectl wait --for=condition=Ready pod/web --timeout=60s
