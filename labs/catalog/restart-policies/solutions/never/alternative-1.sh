# From a manifest.
kubectl create -f - <<'POD'
apiVersion: v1
kind: Pod
metadata:
  name: once
spec:
  restartPolicy: Never
  containers:
  - name: try
    image: busybox
    command: ["sh", "-c", "exit {{code}}"]
POD
kubectl wait --for=jsonpath='{.status.phase}'=Failed pod/once --timeout=60s
