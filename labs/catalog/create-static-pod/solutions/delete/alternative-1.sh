# All at once, and at once.
kubectl delete pods --all --force
kubectl wait --for=create pod/web2-node01 --timeout=60s
kubectl wait --for=condition=Ready pod/web2-node01 --timeout=60s
