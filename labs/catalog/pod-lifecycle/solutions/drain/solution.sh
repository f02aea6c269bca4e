kubectl drain node01 --ignore-daemonsets --force
kubectl uncordon node01
kubectl rollout status deployment/pair --timeout=60s
