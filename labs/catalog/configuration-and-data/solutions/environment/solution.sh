kubectl apply -f - <<'POD'
apiVersion: v1
kind: Pod
metadata:
  name: app
spec:
  containers:
  - name: app
    image: nginx
    envFrom:
    - configMapRef:
        name: settings
POD
kubectl wait --for=condition=Ready pod/app --timeout=60s
