kubectl delete pod web1 web2-node01
kubectl wait --for=create pod/web2-node01 --timeout=60s
kubectl wait --for=condition=Ready pod/web2-node01 --timeout=60s
