kubectl get pods -o json | jq -r '.items[] | select(.metadata.annotations["kubernetes.io/config.source"] == "file") | .metadata.name'
