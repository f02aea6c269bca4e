# Another image.
kubectl run web --image=busybox --overrides='{"spec": {"terminationGracePeriodSeconds": 10}}' -- sleep 1000000
kubectl wait --for=condition=Ready pod/web --timeout=60s
