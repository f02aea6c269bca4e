# OnFailure: success ends it.
kubectl run ticker --image=busybox --restart=OnFailure -- date
kubectl wait --for=jsonpath='{.status.phase}'=Succeeded pod/ticker --timeout=60s
