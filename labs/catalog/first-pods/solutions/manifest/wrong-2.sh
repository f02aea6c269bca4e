# By command, without a file.
kubectl run client --image=busybox --command -- sh -c 'sleep 1000000'
kubectl wait --for=condition=Ready pod/client --timeout=60s
