cat >/root/client.yml <<'MANIFEST'
apiVersion: v1
kind: Pod
metadata:
  name: client
spec:
  containers:
  - name: client
    image: busybox
    command: [sh, -c, "sleep 1000000"]
MANIFEST
KUBECONFIG=/etc/kubernetes/admin.conf kubectl apply -f /root/client.yml --namespace default >/dev/null
