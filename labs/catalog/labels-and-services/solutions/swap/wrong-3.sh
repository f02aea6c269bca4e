# The Pod is gone, and cannot be looked into.
kubectl label pod spare app={{app}}
kubectl delete pod web --now
