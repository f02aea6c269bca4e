# A command that does not end.
kubectl run greeter --image=busybox --restart=Never -- sh -c 'echo ticket-{{number}}; sleep 1000000'
kubectl wait --for=condition=Ready pod/greeter --timeout=60s
