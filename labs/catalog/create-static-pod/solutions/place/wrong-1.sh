# Through the API server: an ordinary Pod, even if its name looks right.
sed 's/name: web2$/name: web2-node01/' web2.yaml | kubectl apply -f -
kubectl wait --for=condition=Ready pod/web2-node01 --timeout=60s
