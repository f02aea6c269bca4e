# Nothing to do for the container.
kubectl run client --image=busybox --dry-run=client -o yaml > client.yml
kubectl apply -f client.yml
