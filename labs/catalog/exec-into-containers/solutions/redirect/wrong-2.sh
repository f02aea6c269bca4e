# The shell in the container is given only the first word of the line.
kubectl exec client -- sh -c echo {{word}} '> /tmp/note'
