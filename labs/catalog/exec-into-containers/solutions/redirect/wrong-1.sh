# The shell on controlplane makes the file.
kubectl exec client -- echo {{word}} > /tmp/note
