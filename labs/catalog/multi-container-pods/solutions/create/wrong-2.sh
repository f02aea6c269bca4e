# The client has no command: its shell ends as soon as it starts.
kubectl create -f - <<'POD'
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
POD
