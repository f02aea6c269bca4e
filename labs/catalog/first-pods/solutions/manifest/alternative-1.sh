# A manifest generated, and applied from the pipe.
kubectl run client --image=busybox --dry-run=client -o yaml -- sleep 1000000 | kubectl apply -f -
kubectl wait --for=condition=Ready pod/client --timeout=60s
