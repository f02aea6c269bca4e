# No volume: the writer writes where only it can read.
kubectl apply -f - <<'POD'
apiVersion: v1
kind: Pod
metadata:
  name: shared
spec:
  terminationGracePeriodSeconds: 1
  containers:
  - name: web
    image: nginx
  - name: writer
    image: busybox
    command: ["sh", "-c", "mkdir /data; echo {{word}} > /data/index.html; sleep 1000000"]
POD
kubectl wait --for=condition=Ready pod/shared --timeout=60s
