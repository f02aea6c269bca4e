# The shorthand for a grace period of one second.
kubectl delete pod stubborn --now
