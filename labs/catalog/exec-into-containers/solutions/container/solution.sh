kubectl exec web -c busybox -- touch /tmp/{{mark}}
