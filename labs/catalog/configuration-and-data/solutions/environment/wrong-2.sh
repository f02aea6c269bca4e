# Sets the variable in a shell in the container, not for its process.
kubectl run app --image=nginx
kubectl wait --for=condition=Ready pod/app --timeout=60s
kubectl exec app -- sh -c 'export COLOUR={{colour}}'
