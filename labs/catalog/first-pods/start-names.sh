#!/usr/bin/env bash
# The Pod of the step before, with its manifest.
set -euo pipefail
export KUBECONFIG=/etc/kubernetes/admin.conf

cat >/root/client.yml <<'MANIFEST'
apiVersion: v1
kind: Pod
metadata:
  name: client
spec:
  containers:
  - name: client
    image: busybox
    command: [sh, -c, "sleep 1000000"]
MANIFEST
kubectl apply -f /root/client.yml --namespace default >/dev/null
