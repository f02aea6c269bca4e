#!/usr/bin/env bash
# The claim, and the Pod that has written its note.
set -euo pipefail
export KUBECONFIG=/etc/kubernetes/admin.conf
cat >/root/writer.yml <<'POD'
apiVersion: v1
kind: PersistentVolumeClaim
metadata:
  name: notes
spec:
  accessModes: [ReadWriteOnce]
  resources:
    requests:
      storage: 10Mi
---
apiVersion: v1
kind: Pod
metadata:
  name: writer
spec:
  containers:
  - name: writer
    image: nginx
    volumeMounts:
    - name: notes
      mountPath: /data
  volumes:
  - name: notes
    persistentVolumeClaim:
      claimName: notes
POD
kubectl apply --namespace default --filename /root/writer.yml
kubectl wait --namespace default --for=condition=Ready pod/writer --timeout=60s
kubectl exec writer --namespace default -- sh -c 'echo {{word}} > /data/note'
