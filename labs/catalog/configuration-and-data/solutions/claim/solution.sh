kubectl apply -f - <<'CLAIM'
apiVersion: v1
kind: PersistentVolumeClaim
metadata:
  name: notes
spec:
  accessModes: [ReadWriteOnce]
  resources:
    requests:
      storage: 10Mi
CLAIM
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
    persistentVolumeClaim:
      claimName: notes
POD
kubectl wait --for=condition=Ready pod/writer --timeout=60s
kubectl exec writer -- sh -c 'echo {{word}} > /data/note'
