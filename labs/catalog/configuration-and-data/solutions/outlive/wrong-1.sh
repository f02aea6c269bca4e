# Types the claim rather than the volume.
kubectl delete pod writer --now
kubectl apply -f - <<'POD'
apiVersion: v1
kind: Pod
metadata:
  name: heir
spec:
  containers:
  - name: heir
    image: nginx
    volumeMounts:
    - name: notes
      mountPath: /data
  volumes:
  - name: notes
    persistentVolumeClaim:
      claimName: notes
POD
kubectl wait --for=condition=Ready pod/heir --timeout=60s
echo notes
