cat > my-pod.yml <<'POD'
apiVersion: v1
kind: Pod
metadata:
  name: my-pod
spec:
  containers:
  - name: nginx
    image: nginx
  - name: client
    image: busybox
    command: ["sh", "-c", "sleep 1000000"]
POD
kubectl create -f my-pod.yml
kubectl wait --for=condition=Ready pod/my-pod --timeout=60s
