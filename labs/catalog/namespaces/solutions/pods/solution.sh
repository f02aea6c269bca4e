kubectl run web --namespace=demo --image=nginx
kubectl run web --namespace=playground1 --image=nginx --dry-run=client -o yaml > web.yml
kubectl apply -f web.yml
kubectl wait --for=condition=Ready pod/web --namespace=demo --timeout=60s
kubectl wait --for=condition=Ready pod/web --namespace=playground1 --timeout=60s
