# The node's address instead of the Pod's.
kubectl run web1 --image=nginx
kubectl wait --for=condition=Ready pod/web1 --timeout=60s
kubectl get pod web1 -o jsonpath='{.status.hostIP}'
