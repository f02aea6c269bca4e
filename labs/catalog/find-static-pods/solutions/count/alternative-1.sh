# By the annotation.
kubectl get pods -A -o json | jq '[.items[] | select(.metadata.annotations["kubernetes.io/config.source"] == "file")] | length'
