# Written by hand.
cat > {{name}}.yml <<'MANIFEST'
apiVersion: v1
kind: Pod
metadata:
  name: {{name}}
spec:
  containers:
  - name: web
    image: nginx:latest
MANIFEST
