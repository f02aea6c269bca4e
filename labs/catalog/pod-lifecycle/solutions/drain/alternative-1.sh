# Step by step: close the node, evict the Pods one kind at a time, open it.
kubectl cordon node01
kubectl drain node01 --ignore-daemonsets --pod-selector=app=pair
kubectl delete pod loner
kubectl uncordon node01
kubectl rollout status deployment/pair --timeout=60s
