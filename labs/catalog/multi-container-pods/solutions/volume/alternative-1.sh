# In memory, and at the same path in both.
kubectl create -f - <<'POD'
apiVersion: v1
kind: Pod
metadata:
  name: shared
spec:
  volumes:
  - name: html
    emptyDir:
      medium: Memory
  containers:
  - name: writer
    image: busybox
    command: ["sh", "-c", "echo '<h1>{{word}}</h1>' > /usr/share/nginx/html/index.html; exec sleep infinity"]
    volumeMounts: [{name: html, mountPath: /usr/share/nginx/html}]
  - name: web
    image: nginx
    volumeMounts: [{name: html, mountPath: /usr/share/nginx/html}]
POD
kubectl wait --for=condition=Ready pod/shared --timeout=60s
