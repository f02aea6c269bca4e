kubectl run once --image=busybox --restart=Never -- sh -c 'exit {{code}}'
kubectl wait --for=jsonpath='{.status.phase}'=Failed pod/once --timeout=60s
