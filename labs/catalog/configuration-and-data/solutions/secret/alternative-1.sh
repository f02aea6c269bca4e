# The Secret from a manifest with plain text, the file by a projected volume.
kubectl apply -f - <<'SECRET'
apiVersion: v1
kind: Secret
metadata:
  name: login
stringData:
  password: pw-{{password}}
SECRET
kubectl apply -f - <<'POD'
apiVersion: v1
kind: Pod
metadata:
  name: reader
spec:
  containers:
  - name: reader
    image: nginx
    volumeMounts:
    - name: all
      mountPath: /etc/login
  volumes:
  - name: all
    projected:
      sources:
      - secret:
          name: login
POD
kubectl wait --for=condition=Ready pod/reader --timeout=60s
