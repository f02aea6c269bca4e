# JSON, on another port.
kubectl proxy --port=8080 >/dev/null 2>&1 &
until curl -s http://127.0.0.1:8080/api/v1/namespaces >/dev/null; do sleep 0.1; done
curl -s -X POST -H 'Content-Type: application/json' http://127.0.0.1:8080/api/v1/namespaces/default/configmaps \
  -d '{"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": "letter"}, "data": {"from": "{{word}}"}}'
kill %1
wait
