# A volume that lasts as long as the Pod.
kubectl apply -f - <<'POD'
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
    emptyDir: {}
POD
kubectl wait --for=condition=Ready pod/writer --timeout=60s
kubectl exec writer -- sh -c 'echo {{word}} > /data/note'
