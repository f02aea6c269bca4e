# The default container.
kubectl exec web -- touch /tmp/{{mark}}
