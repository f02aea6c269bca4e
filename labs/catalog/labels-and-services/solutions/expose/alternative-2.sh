# From a manifest.
kubectl apply -f - <<'SERVICE'
apiVersion: v1
kind: Service
metadata:
  name: shop
spec:
  type: NodePort
  selector:
    app: {{app}}
  ports:
  - name: http
    port: 80
SERVICE
