# From a manifest, with a tag.
kubectl run web1 --image=nginx:latest --dry-run=client -o yaml | kubectl apply -f -
kubectl wait --for=condition=Ready pod/web1 --timeout=60s
kubectl get pod web1 -o wide --no-headers | awk '{print $6}'
