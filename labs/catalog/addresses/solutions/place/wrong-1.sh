# Lets the scheduler choose.
kubectl run {{guest}} --image=nginx
kubectl wait --for=condition=Ready pod/{{guest}} --timeout=60s
