# Two Pods rather than two containers.
kubectl run my-pod --image=nginx
kubectl run client --image=busybox --command -- sleep 1000000
kubectl wait --for=condition=Ready pod/my-pod --timeout=60s
