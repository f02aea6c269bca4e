# Different names in one namespace.
kubectl run web --namespace=demo --image=nginx
kubectl run playground1 --namespace=demo --image=nginx
kubectl wait --for=condition=Ready pod/web --namespace=demo --timeout=60s
