kubectl exec client -- cat /tmp/badge
