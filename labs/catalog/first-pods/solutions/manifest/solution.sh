cat > client.yml <<'MANIFEST'
apiVersion: v1
kind: Pod
metadata:
  name: client
spec:
  containers:
  - name: client
    image: busybox
    command:
    - sh
    - -c
    - "sleep 1000000"
MANIFEST
kubectl apply -f client.yml
kubectl wait --for=condition=Ready pod/client --timeout=60s
