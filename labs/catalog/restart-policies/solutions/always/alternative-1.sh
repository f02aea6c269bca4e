# From a manifest, with the policy written out.
kubectl apply -f - <<'POD'
apiVersion: v1
kind: Pod
metadata:
  name: ticker
  namespace: default
spec:
  restartPolicy: Always
  containers:
  - name: clock
    image: busybox
    command: ["date"]
POD
kubectl wait --for=jsonpath='{.status.containerStatuses[0].restartCount}'=1 pod/ticker --timeout=60s
