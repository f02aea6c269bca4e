kubectl run ticker --image=busybox -- sh -c 'date; sleep 2'
kubectl wait --for=jsonpath='{.status.containerStatuses[0].restartCount}'=1 pod/ticker --timeout=60s
