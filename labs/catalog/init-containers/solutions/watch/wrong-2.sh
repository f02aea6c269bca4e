# The other way round: the order of the list is the order of the start.
kubectl apply -f - <<EOF
apiVersion: v1
kind: Pod
metadata:
  name: pod-with-init-containers
spec:
  initContainers:
  - name: init-database
    image: busybox
    command: ["sh", "-c", "echo waiting for database; true"]
  - name: init-service
    image: busybox
    command: ["sh", "-c", "echo waiting for service; true"]
  containers:
  - name: app-container
    image: nginx
EOF
kubectl wait --for=condition=Ready pod/pod-with-init-containers --timeout=60s
