# From the list, by eye.
kubectl get pods --show-labels | awk '/owner={{owner}}/ {print $1}'
