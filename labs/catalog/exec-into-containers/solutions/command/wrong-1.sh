# The badge of another Pod.
kubectl exec web -c busybox -- cat /tmp/badge
