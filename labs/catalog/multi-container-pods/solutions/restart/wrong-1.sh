# A new Pod instead of a restarted container.
kubectl replace --force --grace-period=1 -f my-pod.yml
kubectl wait --for=condition=Ready pod/my-pod --timeout=60s
