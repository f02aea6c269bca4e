# As a variable rather than a file.
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
    envFrom:
    - secretRef:
        name: login
POD
kubectl wait --for=condition=Ready pod/reader --timeout=60s
