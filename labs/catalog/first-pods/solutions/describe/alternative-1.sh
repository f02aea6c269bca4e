# A new Pod in the place of the old one.
kubectl delete pod {{guest}} --now
kubectl run {{guest}} --image=nginx
kubectl wait --for=condition=Ready pod/{{guest}} --timeout=60s
