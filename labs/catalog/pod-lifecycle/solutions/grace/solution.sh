kubectl run web --image=nginx --dry-run=client -o yaml > web.yml
sed -i 's/^spec:/spec:\n  terminationGracePeriodSeconds: 10/' web.yml
kubectl apply -f web.yml
kubectl wait --for=condition=Ready pod/web --timeout=60s
