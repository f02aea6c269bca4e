# Lists the preparations as ordinary containers: nothing waits for anything.
kubectl apply -f - <<EOF
apiVersion: v1
kind: Pod
metadata:
  name: pod-with-init-containers
spec:
  terminationGracePeriodSeconds: 1
  containers:
  - name: init-service
    image: busybox
    command: ["sh", "-c", "echo waiting for service; sleep 4"]
  - name: init-database
    image: busybox
    command: ["sh", "-c", "echo waiting for database; sleep 4"]
  - name: app-container
    image: nginx
EOF
