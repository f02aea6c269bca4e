# A single key, named after itself.
kubectl apply -f - <<'POD'
apiVersion: v1
kind: Pod
metadata:
  name: app
spec:
  containers:
  - name: app
    image: nginx
    env:
    - name: COLOUR
      valueFrom:
        configMapKeyRef:
          name: settings
          key: COLOUR
POD
kubectl wait --for=condition=Ready pod/app --timeout=60s
