kubectl create service clusterip {{service}} --tcp=80
kubectl wait --for=condition=Ready pod/shop --timeout=60s
