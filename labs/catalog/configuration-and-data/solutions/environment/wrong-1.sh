# Copies the value into the Pod.
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
      value: {{colour}}
POD
kubectl wait --for=condition=Ready pod/app --timeout=60s
