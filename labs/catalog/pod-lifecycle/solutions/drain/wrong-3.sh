# Only the bare Pod is gone: nothing was drained.
kubectl delete pod loner
