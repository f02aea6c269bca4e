# From a manifest, after a switch of the default namespace.
kubectl config set-context --current --namespace {{team}}
kubectl apply --filename - <<'POD'
apiVersion: v1
kind: Pod
metadata:
  name: web
spec:
  containers:
  - name: server
    image: nginx:latest
POD
kubectl wait pod/web --for condition=Ready --timeout 60s
