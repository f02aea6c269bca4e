# A container that does not end is never restarted.
kubectl run ticker --image=nginx
kubectl wait --for=condition=Ready pod/ticker --timeout=60s
