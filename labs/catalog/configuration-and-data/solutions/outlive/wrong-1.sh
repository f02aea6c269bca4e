# Deletes the claim with the Pod and makes both anew: the volume is another.
kubectl delete -f writer.yml --now
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
kubectl get pvc notes -o jsonpath='{.spec.volumeName}'
