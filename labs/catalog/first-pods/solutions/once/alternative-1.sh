kubectl apply -f - <<'MANIFEST'
apiVersion: v1
kind: Pod
metadata:
  name: greeter
spec:
  restartPolicy: Never
  containers:
  - name: once
    image: busybox
    command: [sh, -c, "echo ticket-{{number}}"]
MANIFEST
kubectl wait --for=jsonpath='{.status.phase}'=Succeeded pod/greeter --timeout=60s
