# With the scheduler: tolerate the taint and ask for the node by its label.
kubectl apply -f - <<'POD'
apiVersion: v1
kind: Pod
metadata:
  name: {{guest}}
spec:
  nodeSelector:
    kubernetes.io/hostname: controlplane
  tolerations:
  - key: node-role.kubernetes.io/control-plane
    operator: Exists
  containers:
  - name: web
    image: nginx
POD
kubectl wait --for=condition=Ready pod/{{guest}} --timeout=60s
