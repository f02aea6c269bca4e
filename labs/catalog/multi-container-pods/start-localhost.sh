#!/usr/bin/env bash
# The Pod of the first step, with the file it was made from.
set -euo pipefail
export KUBECONFIG=/etc/kubernetes/admin.conf

cat >/root/my-pod.yml <<'POD'
apiVersion: v1
kind: Pod
metadata:
  name: my-pod
spec:
  containers:
  - name: nginx
    image: nginx
  - name: client
    image: busybox
    command: ["sh", "-c", "sleep 1000000"]
POD
kubectl apply --namespace default -f /root/my-pod.yml >/dev/null
kubectl wait --namespace default --for=condition=Ready pod/my-pod --timeout=90s >/dev/null
