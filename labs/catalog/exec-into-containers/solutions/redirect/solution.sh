kubectl exec client -- sh -c 'echo {{word}} > /tmp/note'
