# The proxy is left running.
kubectl proxy >/dev/null 2>&1 &
until curl -s http://127.0.0.1:8001/api/v1/namespaces >/dev/null; do sleep 0.1; done
curl -s -X POST -H 'Content-Type: application/json' http://127.0.0.1:8001/api/v1/namespaces/default/configmaps \
  -d '{"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": "letter"}, "data": {"from": "{{word}}"}}'
