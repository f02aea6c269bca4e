kubectl run greeter --image=busybox --restart=Never -- echo ticket-{{number}}
kubectl wait --for=jsonpath='{.status.phase}'=Succeeded pod/greeter --timeout=60s
kubectl logs greeter
