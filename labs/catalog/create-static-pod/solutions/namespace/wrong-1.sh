# kubectl's own namespace: makes an ordinary Pod there.
kubectl create namespace {{ns}}
kubectl apply -n {{ns}} -f web2.yaml
kubectl wait -n {{ns}} --for=condition=Ready pod/web2 --timeout=60s
