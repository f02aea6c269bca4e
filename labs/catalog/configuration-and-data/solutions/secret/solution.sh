kubectl create secret generic login --from-literal=password=pw-{{password}}
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
    - name: login
      mountPath: /etc/login
  volumes:
  - name: login
    secret:
      secretName: login
POD
kubectl wait --for=condition=Ready pod/reader --timeout=60s
