# A Pod of that name: the DNS knows Services.
kubectl run {{service}} --image=nginx
kubectl wait --for=condition=Ready pod/{{service}} --timeout=60s
