# Only the ordinary one.
kubectl delete pod web1 --now
