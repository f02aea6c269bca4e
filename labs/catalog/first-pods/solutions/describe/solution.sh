kubectl describe pod {{guest}}
kubectl set image pod/{{guest}} {{guest}}=nginx
kubectl wait --for=condition=Ready pod/{{guest}} --timeout=60s
