# Mounts the volume where the command writes, and makes the Pod by delete and apply.
sed -i 's|mountPath: /draft|mountPath: /dratf|' report.yml
kubectl delete pod report --now
kubectl apply -f report.yml
kubectl wait --for=condition=Ready pod/report --timeout=60s
