# Exposes a Pod under the name that is asked for.
kubectl expose pod shop --name={{service}} --port=80
kubectl wait --for=condition=Ready pod/shop --timeout=60s
