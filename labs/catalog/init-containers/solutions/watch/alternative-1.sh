# Created rather than applied, from JSON, with preparations that take no time.
kubectl create -f - <<'POD'
{"apiVersion": "v1", "kind": "Pod", "metadata": {"name": "pod-with-init-containers", "namespace": "default"}, "spec": {
  "initContainers": [
    {"name": "init-service", "image": "busybox", "command": ["echo", "service"]},
    {"name": "init-database", "image": "busybox", "command": ["echo", "database"]}],
  "containers": [{"name": "app-container", "image": "nginx"}]}}
POD
kubectl wait --for=condition=Ready pod/pod-with-init-containers --timeout=60s
