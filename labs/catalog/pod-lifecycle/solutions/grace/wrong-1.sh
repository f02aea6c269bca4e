# Leaves the default of 30 seconds.
kubectl run web --image=nginx
kubectl wait --for=condition=Ready pod/web --timeout=60s
