# Applied on the server's side.
kubectl run client --image=busybox --dry-run=client -o yaml --command -- sh -c 'sleep 1000000' > client.yml
kubectl apply --server-side -f client.yml
kubectl wait --for=condition=Ready pod/client --timeout=60s
