cat > shared.yml <<'POD'
apiVersion: v1
kind: Pod
metadata:
  name: shared
spec:
  terminationGracePeriodSeconds: 1
  containers:
  - name: web
    image: nginx
    volumeMounts:
    - name: pages
      mountPath: /usr/share/nginx/html
  - name: writer
    image: busybox
    command: ["sh", "-c", "echo {{word}} > /data/index.html; sleep 1000000"]
    volumeMounts:
    - name: pages
      mountPath: /data
  volumes:
  - name: pages
    emptyDir: {}
POD
kubectl apply -f shared.yml
kubectl wait --for=condition=Ready pod/shared --timeout=60s
