# Never restarted, but it succeeds.
kubectl run once --image=busybox --restart=Never -- echo {{code}}
kubectl wait --for=jsonpath='{.status.phase}'=Succeeded pod/once --timeout=60s
