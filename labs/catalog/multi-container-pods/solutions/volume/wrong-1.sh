# A directory for each.
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
    volumeMounts:
    - name: pages
      mountPath: /usr/share/nginx/html
  - name: writer
    image: busybox
    command: ["sh", "-c", "echo {{word}} > /data/index.html; sleep 1000000"]
    volumeMounts:
    - name: data
      mountPath: /data
  volumes:
  - name: pages
    emptyDir: {}
  - name: data
    emptyDir: {}
POD
kubectl wait --for=condition=Ready pod/shared --timeout=60s
