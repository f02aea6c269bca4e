# From the list, by eye.
kubectl get pods --all-namespaces | awk '$2 == "stray" {print $1}'
