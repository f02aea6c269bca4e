cat > init.yml <<EOF
apiVersion: v1
kind: Pod
metadata:
  name: pod-with-init-containers
spec:
  initContainers:
  - name: init-service
    image: busybox
    command: ["sh", "-c", "echo waiting for service; sleep 4"]
  - name: init-database
    image: busybox
    command: ["sh", "-c", "echo waiting for database; sleep 4"]
  containers:
  - name: app-container
    image: nginx
EOF
kubectl apply -f init.yml
kubectl wait --for=condition=Ready pod/pod-with-init-containers --timeout=60s
